"""The usual answers of an office are recognised, and nothing else is."""

from datetime import date

import pytest

from crm.inbound.phrases import Usual, usual_answer

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
