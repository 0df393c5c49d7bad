"""The words of the reply stand alone, the quote is folded, and nothing is ever lost."""

import pytest

from crm.inbound.markup import text_of
from crm.inbound.visible import visible_reply

REPLY = "Thanks, we agree with clause 3."
ANNOUNCEMENTS = [
    "On Mon, Nov 3, 2025 at 10:15 AM Ayesha Khan <ayesha@x.pk> wrote:",
    "On Mon, Nov 3, 2025 at 10:15 AM Ayesha Khan from the\nMinistry <ayesha@x.pk>\nwrote:",
    "Ayesha Khan wrote on 3/11/2025 10:15:",
    "جمعہ، 3 اکتوبر، 2025 کو 10:00 AM بجے CRM <c@x.org> نے لکھا:",
    "منجانب: Ali <a@x.pk>\nبھیجا گیا: پیر 3 نومبر 2025\nبنام: B\nموضوع: ٹیسٹ",
    "في الاثنين، 3 نوفمبر 2025 في 10:15 ص تمت كتابة ما يلي بواسطة Ali <a@x.sa>:",
    "در تاریخ دوشنبه ۳ نوامبر ۲۰۲۵، ۱۰:۱۵ علی <a@x.ir> نوشت:",
    "Am Mo., 3. Nov. 2025 um 10:15 Uhr schrieb Max <m@x.de>:",
    "-----Ursprüngliche Nachricht-----\nVon: Max <m@x.de>",
    "Le lun. 3 nov. 2025 à 10:15, Anne <a@x.fr> a écrit :",
    "El lun, 3 nov 2025 a las 10:15, Ana (<a@x.es>) escribió:",
    "Em seg., 3 de nov. de 2025 às 10:15, João <j@x.br> escreveu:",
    "Il giorno lun 3 nov 2025 alle ore 10:15 Anna <a@x.it> ha scritto:",
    "Op ma 3 nov. 2025 om 10:15 schreef Jan de Vries <jan@example.nl>:",
    "Den mån 3 nov. 2025 kl 10:15 skrev Anna <a@x.se>:",
    "ma 3. marrask. 2025 klo 10.15 Jari (jari@example.fi) kirjoitti:",
    "pon., 3 lis 2025 o 10:15 Jan <j@x.pl> napisał(a):",
    "Dne 3. 11. 2025 v 10:15 Jan Novák <jan@example.cz> napsal(a):",
    "3 ноября 2025 г., 10:15, Иван Петров <i@x.ru> написал:",
    "От: Иван <i@x.ru>\nОтправлено: 3 ноября 2025 г. 10:15\nКому: B\nТема: Тест",
    "Ali Veli <ali@example.tr>, 3 Kas 2025 Pzt, 10:15 tarihinde şunu yazdı:",
    "Στις Δευ 3 Νοε 2025 στις 10:15 π.μ., ο χρήστης Nikos <n@x.gr> έγραψε:",
    "2025年11月3日(月) 10:15 Taro <t@x.jp>:",
    "在 2025年11月3日，10:15，Wang <w@x.cn> 写道：",
    "2025년 11월 3일 (월) 오전 10:15, Kim <k@x.kr>님이 작성:",
    "From: CRM <crm@x.org>\nSent: 3 November 2025 10:15\nTo: Ayesha\nSubject: Consultation",
    "*From:* CRM <crm@x.org>\n*Sent:* 3 November 2025 10:15\n*To:* Ayesha",
    "________________________________\nFrom: CRM <crm@x.org>\nSent: 3 November 2025",
    "-------- Original Message --------",
    "##- Reply above this line -##",
]


@pytest.mark.parametrize("announcement", ANNOUNCEMENTS)
@pytest.mark.parametrize("quote", ["> Please comment\n> by Friday", "Please comment\nby Friday"])
def test_what_an_announcement_introduces_is_folded(announcement: str, quote: str) -> None:
    seen = visible_reply(f"{REPLY}\n\n{announcement}\n\n{quote}")
    assert seen.text == REPLY
    assert "Please comment" in seen.folded


@pytest.mark.parametrize(
    "text",
    [
        "In our letter of 5 March 2015 we wrote the following:\nthe age must be 18.",
        "On 5 March 2025 we wrote: delete clause 3.\nWe repeat it.",
        "The Committee met on 3/11/2025 and wrote as follows:\nall agreed.",
        "Agreed.\n\nFrom our side:\n- clause 4\n- clause 5",
        "From: page 3 to page 5 please revise.",
        "2024-01-15 14:30:25\nJan 15, 2024 at 14:30\nare examples, no headers.",
        "From: Home Department\nTo: Commission\nSubject: Comments\n\nClause 3 needs a change.",
        "The reply:\n\nFrom: Home Department\nTo: Commission\nSubject: Comments\n\nClause 3 needs a change.",
        "Agreed.\n\n--\nClause 8: also mend the typo.",
        "Agreed.\n\n_____________\nClause 9 must say shall.",
        "Comments:\n\n> 14 days is too short in clause 4; make it 21.",
        "Meeting 3/11/2026 10:00, attended by Ali <a@x.pk>:\n- agreed",
        "On 12 October 2026 at 10:00 the Board met and decided:\n1. Clause 4 stands.",
        "شق ۴ کے بارے میں عرض ہے کہ مورخہ 3 نومبر 2026 کو بورڈ نے کہا:\nعمر 18 سال ہونی چاہیے۔",
        "> This is a quote.\n\nAnd this is some text.",
        "```\n# not a signature\n--\ncode\n```\nThe end.",
    ],
)
def test_a_persons_own_words_are_not_folded(text: str) -> None:
    assert visible_reply(text).text == text


def test_an_answer_between_the_quoted_lines_keeps_both_in_order() -> None:
    text = "On 3 Oct 2025, at 10:15, CRM <c@x.org> wrote:\n> Clause 3?\n\nYes.\n\n> Clause 4?\n\nNo."
    assert visible_reply(text).text == "> Clause 3?\n\nYes.\n\n> Clause 4?\n\nNo."


def test_an_answer_below_the_only_quote_stands_alone() -> None:
    seen = visible_reply("On 3 Oct 2025, at 10:15, CRM <c@x.org> wrote:\n> Clause 3?\n\nYes.")
    assert seen.text == "Yes."
    assert "Clause 3?" in seen.folded


def test_a_forward_stays_whole() -> None:
    text = "For your action.\n\n---------- Forwarded message ---------\nFrom: A <a@x.pk>\n\nThe letter."
    assert visible_reply(text, forwarded=True).text == text


def test_a_text_of_which_nothing_would_remain_is_shown_whole() -> None:
    text = "-----Original Message-----\nFrom: A <a@x.pk>\nTo: B\nSubject: C\n\nClause 4 must go."
    assert "Clause 4 must go." in visible_reply(text).text


@pytest.mark.parametrize(
    "tail", ["-- \nAyesha Khan\nDirector", "Sent from my iPhone", "Get Outlook for iOS", "میرے آئی فون سے بھیجا گیا"]
)
def test_signatures_are_folded_not_deleted(tail: str) -> None:
    seen = visible_reply(f"{REPLY}\n\n{tail}")
    assert seen.text == REPLY
    assert tail.split("\n")[-1] in seen.folded


def test_every_word_is_either_shown_or_folded() -> None:
    text = f"{REPLY}\n\nOn 3 Oct 2025, at 10:15, CRM <c@x.org> wrote:\n> one two\n\n-- \nthree four"
    seen = visible_reply(text)
    assert sorted((seen.text + " " + seen.folded).split()) == sorted(text.split())


def test_outlooks_history_is_found_in_html_without_quote_marks() -> None:
    page = (
        "<html><body><p>We agree.</p><hr><div id='divRplyFwdMsg'><b>From:</b> CRM<br><b>Sent:</b> Monday</div>"
        "<div>Please comment.</div></body></html>"
    )
    assert visible_reply(text_of(page)).text == "We agree."
    bordered = "<div>We agree.</div><div style='border:none;border-top:solid #E1E1E1 1.0pt'>From: CRM</div><p>Old.</p>"
    assert visible_reply(text_of(bordered)).text == "We agree."


def test_cited_blocks_of_html_become_quotes_and_indented_ones_stay() -> None:
    cited = "<p>We agree.</p><blockquote type='cite'>Please comment.</blockquote>"
    assert visible_reply(text_of(cited)).text == "We agree."
    indented = "<p>Delete:</p><blockquote>the last clause</blockquote>"
    assert visible_reply(text_of(indented)).text.split() == ["Delete:", "the", "last", "clause"]


def test_scripts_styles_and_hidden_text_are_not_words() -> None:
    page = "<style>p{}</style><p>Yes</p><script>no()</script><div style='display:none'>hidden</div>"
    assert text_of(page) == "Yes"


def test_html_nested_two_thousand_deep_is_read() -> None:
    assert "core" in text_of("<blockquote>" * 2000 + "core" + "</blockquote>" * 2000)


@pytest.mark.parametrize(
    "text",
    [
        "On 3 Nov 2025\n" * 50_000,
        ">" * 1_000_000,
        "x 3 Nov 2025 a@b.c\n" * 40_000,
        "--\n" * 200_000,
        "From: a\n" * 80_000,
        "On 3 Nov 2025, at 10:15, A <a@b.c> wrote:\n> x\nreply\n" * 5_000,
    ],
)
def test_hostile_repetition_loses_nothing(text: str) -> None:
    seen = visible_reply(text)
    assert len(seen.text.split()) + len(seen.folded.split()) >= len(text.split())
