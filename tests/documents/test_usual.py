"""The usual answers of an office are recognised, and nothing else is."""

from datetime import date

import pytest

from crm.documents.usual import Usual, is_covering_note, letter_answer, usual_answer

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NIL", Usual.NIL),
        ("Comments: NIL", Usual.NIL),
        ("Dear Sir,\n\nNo comments from our side.\n\nRegards,\nAyesha Khan\nDirector", Usual.NIL),
        ("The Ministry concurs with the draft SOP.", Usual.NIL),
        ("No objection.", Usual.NIL),
        ("Koi aetraz nahi.", Usual.NIL),
        ("محترم جناب،\nہمیں مسودے سے اتفاق ہے۔\nوالسلام\nعائشہ", Usual.NIL),
        ("کوئی اعتراض نہیں۔", Usual.NIL),
        ("NIL report may be considered please.", Usual.NIL),
        ("This Commission has no comments on the draft.", Usual.NIL),
        ("We have nothing to add.", Usual.NIL),
        ("ہماری کوئی رائے نہیں", Usual.NIL),
        ("ہم مسودے سے متفق ہیں۔", Usual.NIL),
        ("NIL\n\n(Ayesha Khan)\nSection Officer", Usual.NIL),
        ("The matter is under process; views will follow.", Usual.UNDER_PROCESS),
        ("It does not relate to this Ministry.", Usual.NOT_OURS),
        ("یہ ہمارے دائرۂ کار میں نہیں، محکمہ داخلہ سے متعلق ہے۔", Usual.NOT_OURS),
        ("Your letter has been forwarded to the Home Department.", Usual.FORWARDED),
        ("The matter is under process.", Usual.UNDER_PROCESS),
        ("We need time until 5 December please.", Usual.UNDER_PROCESS),
        ("Mamla zer-e-ghaur hai, jawab 20 December tak bhej diya jaye ga.", Usual.UNDER_PROCESS),
        ("یہ معاملہ زیر غور ہے، جواب ۱۵ دسمبر تک ارسال کیا جائے گا۔", Usual.UNDER_PROCESS),
        ("This subject does not pertain to this Division. It belongs to the Ministry of Human Rights.", Usual.NOT_OURS),
        ("Ye hamare mehkme se mutaliq nahi hai.", Usual.NOT_OURS),
        ("یہ ہمارے محکمے سے متعلق نہیں۔", Usual.NOT_OURS),
        ("Your letter has been forwarded to the Home Department for necessary action.", Usual.FORWARDED),
        ("خط محکمہ داخلہ کو بھیج دیا گیا ہے۔", Usual.FORWARDED),
        ("Interim reply: comments are being compiled and will be sent by 10/12/2026.", Usual.INTERIM),
        ("We regret our inability to attend the workshop.", Usual.REGRET),
        ("معذرت کے ساتھ، شرکت ممکن نہیں۔", Usual.REGRET),
    ],
)
def test_a_usual_answer_is_recognised(text: str, kind: Usual) -> None:
    assert usual_answer(text, TODAY).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Noted.",
        "Yes, we do.",
        "We support option B.",
        "No comments on clauses 1-3 but clause 4 should be deleted.",
        "No comments. Please find our letter attached; clause 7 needs the word shall.",
        "Please find attached our comments.",
        "I don't have any comments except that the age must be 18.",
        "We have no objection. The definition of child in clause 2 differs from the Act of 2018.",
        "We cannot support clause 5, it violates the Act.",
        "کوئی اعتراض نہیں لیکن شق ۴ حذف کی جائے۔",
        "Clause 3: no comments.\nClause 4: delete the second sentence.",
        "No comments on clause 4.",
        "We have no objection in principle.",
        "The draft needs an Urdu version.",
        "Kindly refer to clause 7: a lawyer must be present. Rest NIL.",
        "Our comment: add interpreters in clause 12. Otherwise NIL.",
        "As per practice a lawyer should be present from the start. NIL.",
        "Dear Sir, clause 7 is vague.\nNIL",
        "NIL\nRegards,\nAyesha\nP.S. clause 7 is vague",
    ],
)
def test_anything_more_is_left_to_a_person(text: str) -> None:
    assert usual_answer(text, TODAY).kind is Usual.NONE


def test_the_day_that_is_asked_for_is_named() -> None:
    asked = (
        "The case is under examination. Time till 15th December 2026 may kindly be granted, we request an extension."
    )
    assert usual_answer(asked, TODAY).until == date(2026, 12, 15)
    assert usual_answer("Need until 5 January please.", TODAY).until == date(2027, 1, 5)


def test_the_office_that_is_named_is_proposed() -> None:
    said = usual_answer("This does not pertain to this Division. It belongs to the Ministry of Human Rights.", TODAY)
    assert said.office == "Ministry of Human Rights"
    assert usual_answer("Forwarded to the Home Department for action.", TODAY).office == "Home Department"


LETTER = """GOVERNMENT OF PAKISTAN
MINISTRY OF HUMAN RIGHTS

No. F.1-2/2026-SO(Child)
Islamabad, the 20th November, 2026.
To
The Focal Person,
Legal Aid Unit, Islamabad.

Subject: COMMENTS ON THE DRAFT SOP

Dear Sir,

I am directed to refer to your letter No. 5/2026 dated 3rd November, 2026 on the
subject noted above and to state that %s

2. %s

Yours faithfully,
(Ayesha Khan)
Section Officer
"""


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("this Ministry has no comments on the draft.", "NIL report may be considered please.", Usual.NIL),
        ("the matter is under process.", "Comments will follow.", Usual.UNDER_PROCESS),
        ("this Ministry has no comments on the draft.", "The hours in it are too long.", Usual.NONE),
        ("this Ministry has examined the draft.", "Clause 7: too vague. Rest NIL.", Usual.NONE),
    ],
)
def test_a_letter_is_read_below_its_letterhead(first: str, second: str, kind: Usual) -> None:
    assert letter_answer(LETTER % (first, second), TODAY).kind is kind


@pytest.mark.parametrize(
    "text",
    ["", "PFA", "Please find attached.", "Dear Sir,\nKindly find enclosed our reply.\nRegards,\nA", "جواب منسلک ہے۔"],
)
def test_a_covering_note_says_no_more_than_that_the_answer_is_attached(text: str) -> None:
    assert is_covering_note(text)


@pytest.mark.parametrize(
    "text", ["See attached. I object to the hours.", "Attached please find it. Clause 7 must go.", "NIL", "Yes."]
)
def test_what_says_more_is_no_covering_note(text: str) -> None:
    assert not is_covering_note(text)
