"""What every letter says, and the manners it keeps (practice: the office's own mail)."""

from dataclasses import replace

import pytest

from crm.i18n import LANGUAGES, Message
from crm.mail.letter import Enclosure, LetterKind, freeze, thaw
from crm.mail.render import LetterIncomplete, render
from tests.mail.letters import ASK, EVERY, HEAD, MEETING, PAGE, THROUGH, a_letter
from tests.mail.write_snapshots import is_translated, place, shown

FIRST_MAILS = ("consultations/request", "consultations/request.through", "meetings/invitation")
ASKS = [name for name, letter in EVERY.items() if letter.kind is not LetterKind.RECEIPT and "cancelled" not in name]
WRITTEN = [(name, language) for language in LANGUAGES if is_translated(language) for name in EVERY]


def words(name: str) -> str:
    return " ".join(render(EVERY[name], HEAD).text.split())


@pytest.mark.parametrize(("name", "language"), WRITTEN)
def test_a_letter_says_what_its_snapshot_says(name, language):
    assert shown(EVERY[name].in_language(language)) == place(name, language).read_text("utf-8")


@pytest.mark.parametrize("name", EVERY)
def test_a_letter_says_the_same_after_it_was_frozen_and_thawed(name):
    assert thaw(freeze(EVERY[name])) == EVERY[name]
    assert render(thaw(freeze(EVERY[name])), HEAD) == render(EVERY[name], HEAD)


@pytest.mark.parametrize("name", FIRST_MAILS)
def test_a_first_mail_never_threatens_a_reminder(name):
    assert "remind" not in words(name).lower()


@pytest.mark.parametrize("name", ASKS)
def test_an_ask_offers_another_post_and_no_way_to_unsubscribe(name):
    assert "Not the right officer? Kindly name the post that is" in words(name)
    assert "unsubscribe" not in words(name).lower()


@pytest.mark.parametrize("name", ASKS)
def test_an_ask_warns_against_naming_a_child(name):
    assert "Kindly write no child’s name, case number or story" in words(name)


def test_a_request_says_what_and_by_when_in_its_first_sentence():
    first = words("consultations/request").removeprefix("Dear Secretary, ").split(". ")[0]
    assert first == f"The views of your office on the draft {ASK['title']} may kindly be furnished by Tue 22 Dec 2026"


def test_a_request_shows_the_usual_answers():
    for answer in ("NIL, if", "Under process, need until", "Not our subject, belongs to", "Forwarded to"):
        assert f"- {answer}" in render(EVERY["consultations/request"], HEAD).text


@pytest.mark.parametrize(
    ("step", "label"),
    [("reminder-1", "Reminder-I:"), ("reminder-2", "Reminder-II:"), ("reminder-3", "Reminder-III (Final):")],
)
def test_a_reminder_is_known_by_its_number(step, label):
    letter = a_letter("consultations/reminder", LetterKind.REMINDER, step=step, previous=[])
    assert render(letter, HEAD).subject.startswith(f"{label} Views on the draft")


def test_a_reminder_cites_every_earlier_letter():
    text = render(EVERY["consultations/reminder.2"], HEAD).text
    assert "- Letter, No.1(5)/2026-JJCPU of Tue 1 Dec 2026" in text
    assert "- Reminder-I, No.1(5)/2026-JJCPU of Wed 23 Dec 2026" in text


def test_a_reminder_bears_its_own_date_and_not_that_of_the_first_letter():
    assert "Dated Wed 30 Dec 2026." in words("consultations/reminder.2")
    assert "Dated Tue 1 Dec 2026." in words("consultations/request")
    assert "Dated" not in words("consultations/receipt")


def test_a_court_is_reminded_without_the_word():
    said = render(EVERY["consultations/reminder.court"], HEAD)
    assert "remind" not in (said.subject + said.text).lower()
    assert "awaited" not in said.text
    assert "respectfully submitted" in said.text


def test_a_receipt_counts_what_came_and_marks_it_late():
    text = words("consultations/receipt")
    for part in ("RC-2026-0412", "12 comments on the clauses", "3 questions answered", "1 file ", "is marked late"):
        assert part in text
    assert "late" not in words("consultations/receipt.nil")


def test_through_attention_and_copies_are_shown():
    text = render(EVERY["consultations/request.through"], HEAD).text
    for part in ("Through: Ministry of Human Rights", "Attention: Member (Law)", "Copy to\n- Joint Secretary (Police)"):
        assert part in text


def test_an_office_memorandum_has_no_salutation():
    said = render(a_letter("consultations/request", form="office_memorandum", with_pdf=True), HEAD)
    assert "Dear" not in said.text
    assert said.pdf_html is not None
    assert "Dear" not in said.pdf_html
    assert "OFFICE MEMORANDUM" in said.pdf_html


def test_a_letter_names_what_is_enclosed():
    letter = a_letter("consultations/request", enclosures=(Enclosure("0" * 64, "SOP.docx", "application/msword"),))
    assert "Enclosed: SOP.docx." in render(letter, HEAD).text


def test_a_changed_meeting_asks_afresh_only_when_its_time_changed():
    moved, same = (
        render(a_letter("meetings/updated", meeting=MEETING, time_changed=changed), HEAD).text
        for changed in (True, False)
    )
    assert "confirmed afresh" in moved
    assert "continues to stand" in same


def test_a_missing_value_is_named_with_its_template():
    without_date = {name: value for name, value in ASK.items() if name != "due_on"}
    letter = a_letter("consultations/request")
    letter = replace(letter, context=letter.context | {"ask": without_date})
    with pytest.raises(LetterIncomplete, match=r"consultations/request needs 'due_on'"):
        render(letter, HEAD)


def test_a_missing_template_is_named():
    with pytest.raises(LetterIncomplete, match="meetings/receipt"):
        render(a_letter("meetings/receipt"), HEAD)


def test_an_urdu_letter_uses_urdu_names_and_falls_back_where_there_are_none():
    letter = a_letter("consultations/request", language="ur", addressee=THROUGH | {"post_ur": ""})
    text = render(letter, HEAD).text
    for part in ("Secretary", "وزارتِ انسانی حقوق", "نوعمر سے پہلے رابطے", "ڈائریکٹر", "22 دسمبر 2026"):
        assert part in text


def test_a_message_in_a_letter_is_said_in_the_readers_language():
    letter = a_letter(
        "meetings/cancelled", meeting=MEETING, reason=Message("The hall is closed on %(day)s", day=ASK["due_on"])
    )
    assert "Reason: The hall is closed on Tue 22 Dec 2026." in render(letter, HEAD).text


@pytest.mark.parametrize("name", EVERY)
def test_plain_text_keeps_to_76_characters_but_never_breaks_an_address(name):
    long = [line for line in render(EVERY[name], HEAD).text.split("\n") if len(line) > 76]
    assert long == []
    far = PAGE + "/" + "x" * 90
    text = render(replace(EVERY[name], context=EVERY[name].context | {"page": far}), HEAD).text
    assert "cancelled" in name or f"\n{far}\n" in text
