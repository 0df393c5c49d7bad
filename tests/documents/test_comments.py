"""A reply is cut into comments, and not a word of it is lost."""

import json
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.documents.clauses import read_markdown
from crm.documents.comments import LONGEST, ClauseRef, Kind, Piece, split
from tests.documents.sample import CLAUSES, REFERENCES

SHARED = Path(__file__).resolve().parents[3] / "shared"


def comments(text: str) -> list[Piece]:
    return [piece for piece in split(text, REFERENCES) if piece.kind is Kind.COMMENT]


def placed(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(piece.clauses, piece.text) for piece in comments(text)]


@pytest.mark.parametrize(
    ("text", "clauses", "words"),
    [
        ("Clause 7:\nToo vague.", ("7",), "Too vague."),
        ("Cl. 7(2): Too vague.", ("7",), "Too vague."),
        ("Clause 7 is too vague.", ("7",), "Clause 7 is too vague."),
        ("para 12: Add interpreters.", ("12",), "Add interpreters."),
        ("# 9 - Too slow.", ("9",), "Too slow."),
        ("Section 10: Add court reporters.", ("10",), "Add court reporters."),
        ("S. No 3 / clause 10: Add reporters.", ("10",), "Add reporters."),
        ("Comments on Clause 7:\nToo vague.", ("7",), "Too vague."),
        ("Annex D: Add Pashto.", (), "Add Pashto."),
        ("Our remark on clause 7 is withdrawn.", ("7",), "Our remark on clause 7 is withdrawn."),
        ("With regard to clause 7, it is vague.", ("7",), "With regard to clause 7, it is vague."),
        ("Clauses 12 to 14: Merge them.", ("12", "13", "14"), "Merge them."),
        ("Clauses 7, 8 & 9: Merge them.", ("7", "8", "9"), "Merge them."),
        ("پیرا 7: مبہم ہے۔", ("7",), "مبہم ہے۔"),
        ("شق نمبر ۷\nمبہم ہے۔", ("7",), "مبہم ہے۔"),
        ("دفعہ ۸ - سخت ہے۔", ("8",), "سخت ہے۔"),
        ("Clause no 7 mein wajah likhi jaye.", ("7",), "Clause no 7 mein wajah likhi jaye."),
    ],
)
def test_a_clause_is_recognised_however_it_is_named(text, clauses, words):
    assert placed(f"Dear Sir,\n\n{text}\n\nRegards,\nDirector") == [(clauses, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Section 8 of the Act governs this.",
        "Section 9 PPC may be cited.",
        "Article 10 of the Constitution is wider.",
        "Clause 7 of the Police Rules says more.",
        "Sent on 12.10.2026 by our office to yours.",
    ],
)
def test_a_section_of_a_law_or_a_date_is_no_clause(text):
    assert [clauses for clauses, _ in placed(f"Clause 13:\nFirst remark here.\n\n{text}")] == [("13",)]
    assert all(not piece.clauses for piece in split(text, REFERENCES))


def test_a_clause_that_the_draft_has_not_waits_in_the_tray():
    piece = comments("Clause 51: Delete it.")[0]
    assert piece.clauses == ()
    assert str(piece.why) == "The draft has no clause 51."


def test_a_salutation_and_a_numbered_closing_are_no_part_of_a_comment():
    text = "Dear Sir,\nClause 7 needs reasons.\n2. This issues with the approval of the Secretary.\nSection Officer"
    assert placed(text) == [(("7",), "Clause 7 needs reasons.")]


def test_a_remark_without_a_clause_waits_in_the_tray():
    assert placed("Sir,\n\nThe whole paper needs an Urdu version.") == [((), "The whole paper needs an Urdu version.")]


def test_bare_numbers_count_clauses_only_where_they_can():
    assert [clauses for clauses, _ in placed("7. Give reasons in writing.\n\n9. Why so late?")] == [("7",), ("9",)]
    assert all(clauses == () for clauses, _ in placed("1. Give reasons please.\n\n2. Why so late then?"))


def test_answers_below_quoted_clauses_belong_to_them():
    wrote = "See below.\n\nOn 1 Dec 2026 JJCPU <a@crm.example> wrote:\n"
    text = f"{wrote}> 7. {CLAUSES['7']}\n\nAgreed, with reasons.\n\n> 8. {CLAUSES['8']}\n\nName the chains.\n"
    assert placed(text) == [(("7",), "Agreed, with reasons."), (("8",), "Name the chains.")]


def test_answers_below_doubly_quoted_clauses_belong_to_them():
    assert placed(f">> 7. {CLAUSES['7']}\n> Agreed, with reasons.\n") == [(("7",), "Agreed, with reasons.")]


def test_answers_within_an_unmarked_original_belong_to_the_clause_above():
    original = f"From: JJCPU <r@crm.example>\nSent: Tuesday\n\n7. {CLAUSES['7']}"
    text = f"Inline please.\n\n{original}\n\nAgreed, with reasons.\n\nKind regards,\nJJCPU"
    assert placed(text) == [(("7",), "Agreed, with reasons.")]


def test_a_clause_with_words_changed_is_a_proposal():
    piece = comments("Clause 7:\n" + CLAUSES["7"].replace("step", "resort"))[0]
    assert piece.clauses == ("7",)
    assert piece.proposed.startswith("Apprehension is a last resort.")


def test_our_own_letter_is_no_comment():
    ours = "Please comment by clause and give proposed text, not only criticism. Clause 12: after interpreter add more."
    pieces = split(f"Clause 7: Fine by us all.\n\n{ours}\n", REFERENCES, ours)
    assert [(piece.kind, piece.clauses) for piece in pieces] == [(Kind.COMMENT, ("7",)), (Kind.QUOTATION, ())]


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("It is vague.\nProposed text: No arrest is made.", "No arrest is made."),
        ('Proposed text: replace "step" by "resort"', "resort"),
        ('"step" may be replaced with "resort" as in the Act.', "resort"),
        ("'step' should be 'resort'.", "resort"),
        ('The words "in writing" may be added.', "in writing"),
        ("It may be read as “a last resort”.", "a last resort"),
        ("تجویز: «آخری چارہ»", "آخری چارہ"),
        ("It is vague and unclear.", ""),
    ],
)
def test_a_proposal_is_told_apart_from_the_comment(text, proposed):
    assert comments(f"Clause 7:\n{text}")[0].proposed == proposed


def test_a_reason_is_told_apart_too():
    piece = comments("Clause 7:\nIt is vague.\nReason: Article 10-A.")[0]
    assert (piece.text, piece.reason) == ("It is vague.", "Article 10-A.")


@pytest.mark.parametrize(
    "table",
    [
        "Clause\tComment\tProposed text\tReason\n7\tToo vague.\tlast resort\tArticle 10\n",
        "| Clause | Comment | Proposed text | Reason |\n|---|---|---|---|\n"
        "| 7 | Too vague. | last resort | Article 10 |\n",
        "Clause;Comment;Proposed text;Reason\n7;Too vague.;last resort;Article 10\n",
        "+---+------+--------+-----------+\n| Cl | Comment | Proposed | Reason |\n+---+------+---+---+\n"
        "| 7 | Too | last | Article |\n|   | vague. | resort | 10 |\n+---+------+---+---+\n",
        "7\tToo vague.\tlast resort\tArticle 10\n9\tFine with us.\t\t\n",
    ],
)
def test_a_comment_table_is_read_by_its_columns(table):
    piece = comments(table)[0]
    found = (piece.clauses, piece.text, piece.proposed, piece.reason)
    assert found == (("7",), "Too vague.", "last resort", "Article 10")


def test_a_range_that_excel_took_for_a_date_is_a_range_again():
    assert comments("Clause\tComment\n2026-12-14 \tMerge them.\n")[0].clauses == ("12", "13", "14")


def test_tracked_changes_and_margin_comments_stay_on_their_clause():
    first, second = comments(
        "7. " + CLAUSES["7"].replace("step", "[-step-]{+resort+}") + "\n\n[comment on “arrest”: Why this word?]\n"
    )
    assert (first.clauses, first.inserted, first.deleted) == (("7",), ("resort",), ("step",))
    assert first.proposed.startswith("Apprehension is a last resort.")
    assert (second.clauses, second.text) == (("7",), "Why this word?")


def test_an_answer_to_a_question_keeps_its_number():
    piece = comments("سوال ۷: فون پر۔")[0]
    assert (piece.question, piece.clauses, piece.text) == ("Q7", (), "فون پر۔")


FRAGMENTS = [
    *(
        "Clause 7:",
        "Dear Sir,",
        "\n",
        "\n\n",
        "> ",
        ">> quoted\n",
        CLAUSES["7"],
        CLAUSES["8"] + " More words here now.",
    ),
    *(
        "Proposed text: x",
        "7\tb\tc\n",
        "| a | b | c |\n",
        "+--+--+\n",
        "Regards,\n",
        "From: a <b@c>\n",
        "--\n",
        "شق ۷ ",
    ),
    *(" ", "On 1 Dec X wrote:\n", "[comment: a b]\n", "{+x+}", "[-y-]", "12. ", "Q7: ", "\r\n", "\x0c", "\u2028"),
]
REPLIES = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12)).map("".join)


@settings(max_examples=400, deadline=None)
@given(REPLIES)
def test_the_pieces_cover_the_whole_reply_without_a_gap(text):
    pieces = split(text, REFERENCES)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert all(before.end == after.start for before, after in zip(pieces, pieces[1:], strict=False))


@pytest.mark.parametrize("paragraph", ["Clause 7:\nToo vague.\n\n", "Too vague in all its parts.\n", "vague"])
def test_of_a_book_the_rest_waits_in_the_tray_and_nothing_is_lost(paragraph):
    text = paragraph * (LONGEST // len(paragraph) + 100)
    *read, rest = split(text, REFERENCES)
    assert "".join(text[piece.start : piece.end] for piece in [*read, rest]) == text
    assert (rest.kind, rest.clauses, rest.confidence) == (Kind.COMMENT, (), 0.0)
    assert rest.text == text[rest.start :].strip()
    assert max(piece.end for piece in read) <= LONGEST


@pytest.mark.parametrize(("mark", "shown"), [("{+", "{+in"), ("[-", "[-in")])
def test_a_mark_that_is_never_closed_is_only_letters(mark, shown):
    assert [piece.inserted + piece.deleted for piece in comments(f"Clause 7: the {mark}in step is vague.")] == [()]
    assert shown in comments(f"Clause 7: the {mark}in step is vague.")[0].text


def test_blank_lines_before_a_quoted_clause_do_not_move_where_the_remark_begins():
    text = "\n\n\n" + CLAUSES["8"] + " More words here now."
    assert [text[piece.start : piece.end] for piece in comments(text)] == ["More words here now."]


@settings(max_examples=400, deadline=None)
@given(REPLIES)
def test_what_is_no_comment_is_shown_with_each_of_its_words(text):
    for piece in split(text, REFERENCES):
        if piece.kind is not Kind.COMMENT:
            words = re.findall(r"\w+", text[piece.start : piece.end])
            assert set(words) <= set(re.findall(r"\w+", piece.text))


def _sample(name: str) -> tuple[dict[str, object], str]:
    folder = SHARED / "answers"
    if not folder.is_dir():
        pytest.skip("The labelled answers are not here: ../shared/answers is absent.")
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines()]
    label = next(row for row in rows if row["file"].endswith(name))
    mail = message_from_bytes((folder / label["file"]).read_bytes(), policy=policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    return label, part.get_content()


@pytest.mark.parametrize(
    "name", ["01-s01-punjab-ppd.eml", "08-s02-jpp.eml", "14-s03-mohr.eml", "62-s11-punjab-prob.eml"]
)
def test_the_labelled_text_answers_are_cut_as_their_labels_say(name):
    label, text = _sample(name)
    draft = read_markdown((SHARED / "seed" / "sample_sop.md").read_text("utf-8"))
    pieces = split(text, [ClauseRef(clause.number, clause.text) for clause in draft.clauses])
    found = [list(piece.clauses) for piece in pieces if piece.kind is Kind.COMMENT and piece.clauses]
    assert found == [comment["clauses"] for comment in label["comments"]]
