"""What the chief gets to read, and what comes back."""

import io
import zipfile

from crm.documents.clauses import read_markdown
from crm.documents.comments import ClauseRef, Kind, split
from crm.documents.draft import AnswerDraft, AnsweredQuestion, ClauseComment, draft_docx, sop_docx
from crm.documents.reading import DOCX, text_of

DRAFT = read_markdown(
    "# A procedure\n\n"
    "Version 0.3. Classification: OFFICIAL.\n\n## Part A: Purpose\n\n1. Apprehension is a last step and"
    " is taken only by an officer.\n\n2. No force is used but the least that is needed.\n\n"
    "## Annexes\n\nAnnex A: Form.\n"
)


WORDS = [
    "It has not been sent.",
    "Q1: Do you agree?",
    "Yes & no <b>",
    "(no answer yet)",
    "Clause 7",
    "Comment: Too vague.",
    "Proposed text: a last resort",
    "Reason: Article 10",
    "General",
]


def an_answer() -> AnswerDraft:
    return AnswerDraft(
        "Answer on the SOP",
        "NCHR",
        "R-12",
        [AnsweredQuestion("Q1", "Do you agree?", "Yes & no <b>\x00"), AnsweredQuestion("Q2", "Why?", "")],
        [ClauseComment("7", "Too vague.", "a last resort", "Article 10", "Apprehension is a last step."),
         ClauseComment("", "Translate it.", "")],
    )  # fmt: skip


def test_the_answer_so_far_can_be_read_in_word():
    text = text_of(draft_docx(an_answer(), "en"), DOCX).text
    for words in WORDS:
        assert words in text


def test_an_empty_answer_says_so():
    assert "(no comments yet)" in text_of(draft_docx(AnswerDraft("T", "O", "R", [], []), "en"), DOCX).text


def test_an_urdu_answer_runs_from_the_right():
    with zipfile.ZipFile(io.BytesIO(draft_docx(an_answer(), "ur"))) as package:
        body = package.read("word/document.xml").decode()
    assert body.count("<w:bidi/>") == body.count("<w:p>")
    assert "<w:rtl/>" in body


def test_the_draft_in_word_comes_back_as_quotations_only():
    text = text_of(sop_docx(DRAFT), DOCX).text
    clauses = [ClauseRef(clause.number, clause.text) for clause in DRAFT.clauses]
    quoted = [piece.text for piece in split(text, clauses) if piece.kind is Kind.QUOTATION]
    assert any("1. Apprehension is a last step" in words for words in quoted)
    assert [piece for piece in split(text, clauses) if piece.kind is Kind.COMMENT and piece.clauses] == []
