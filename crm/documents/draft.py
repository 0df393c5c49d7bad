"""Word files to take to the chief: the answer as it stands, and the draft itself to mark up."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.documents.clauses import DraftText
from crm.i18n import Message, is_right_to_left, translate

URDU_FONT = "Noto Nastaliq Urdu"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question of the round and the answer so far (may be empty)."""

    number: str
    text: str
    answer: str


@dataclass(frozen=True)
class ClauseComment:
    """A comment so far; `clause` is empty for a general one."""

    clause: str
    comment: str
    proposed: str
    reason: str = ""
    clause_text: str = ""


@dataclass(frozen=True)
class AnswerDraft:
    """An office's answer before it is sent."""

    title: str
    organisation: str
    reference: str
    questions: Sequence[AnsweredQuestion]
    comments: Sequence[ClauseComment]
    grade: str = ""


def draft_docx(answer: AnswerDraft, language: str) -> bytes:
    """The answer as a Word file in `language`, marked as a draft that is not sent yet."""
    page = _Page(language, answer.grade)
    page.heading(answer.title, 0)
    page.line(answer.organisation)
    page.line(answer.reference)
    page.say(Message("Draft answer for approval. It has not been sent."), "Intense Quote")
    if answer.questions:
        page.heading(translate(Message("Questions"), language), 1)
    for question in answer.questions:
        page.labelled(question.number, question.text)
        page.line(question.answer or translate(Message("(no answer yet)"), language))
    page.heading(translate(Message("Comments by clause"), language), 1)
    for comment in answer.comments:
        _comment(page, comment)
    if not answer.comments:
        page.say(Message("(no comments yet)"))
    return page.saved()


def sop_docx(draft: DraftText, language: str = "en") -> bytes:
    """The draft with its clause numbers as plain text, so that they survive tracked changes and copying."""
    page = _Page(language, draft.classification)
    page.heading(draft.title, 0)
    for note in draft.notes:
        page.line(note)
    for part in draft.parts:
        named = Message("Part %(part)s: %(title)s", part=part.label, title=part.title)
        page.heading(translate(named, language) if part.label else part.title, 2)
        for clause in part.clauses:
            page.line(f"{clause.number}. {clause.text}")
    if draft.annexes:
        annexes = (Message("Annex %(annex)s: %(title)s.", annex=one.label, title=one.title) for one in draft.annexes)
        page.line(" ".join(translate(annex, language) for annex in annexes))
    return page.saved()


def _comment(page: "_Page", comment: ClauseComment) -> None:
    general = translate(Message("General"), page.language)
    named = translate(Message("Clause %(number)s", number=comment.clause), page.language)
    page.heading(named if comment.clause else general, 2)
    if comment.clause_text:
        page.line(comment.clause_text, "Quote")
    for label, text in (
        (Message("Comment"), comment.comment),
        (Message("Proposed text"), comment.proposed),
        (Message("Reason"), comment.reason),
    ):
        if text:
            page.labelled(translate(label, page.language), text)


class _Page:
    """An A4 document in one language; for Urdu each paragraph runs from the right."""

    def __init__(self, language: str, grade: str) -> None:
        # It takes a quarter of a second and 20 MB that only an export should cost; hence also `Any` below.
        from docx import Document  # noqa: PLC0415
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
        from docx.shared import Cm, Pt  # noqa: PLC0415

        self.language = language
        self._document = Document()
        self._right_to_left = is_right_to_left(language)
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        for place in (section.header, section.footer):
            mark = place.paragraphs[0]
            mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
            mark.add_run(_clean(grade)).bold = True
        self._document.styles["Normal"].font.size = Pt(11)

    def heading(self, text: str, level: int) -> None:
        """A heading; level 0 is the title."""
        self._turned(self._document.add_heading(_clean(text), level))

    def line(self, text: str, style: str | None = None) -> None:
        """One paragraph for each line of `text`; nothing for an empty one."""
        for part in _clean(text).split("\n"):
            if part.strip():
                self._turned(self._document.add_paragraph(part, style))

    def say(self, message: Message, style: str | None = None) -> None:
        """A sentence of ours."""
        self.line(translate(message, self.language), style)

    def labelled(self, label: str, text: str) -> None:
        """A paragraph that opens with a bold label."""
        paragraph = self._document.add_paragraph()
        paragraph.add_run(f"{_clean(label)}: ").bold = True
        paragraph.add_run(_clean(text))
        self._turned(paragraph)

    def saved(self) -> bytes:
        """The file's bytes."""
        holder = io.BytesIO()
        self._document.save(holder)
        return holder.getvalue()

    def _turned(self, paragraph: Any) -> None:
        if not self._right_to_left:
            return
        # The same library as above.
        from docx.oxml import OxmlElement  # noqa: PLC0415
        from docx.oxml.ns import qn  # noqa: PLC0415

        paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.runs:
            properties = run._element.get_or_add_rPr()
            fonts = properties.get_or_add_rFonts()
            fonts.set(qn("w:cs"), URDU_FONT)
            properties.append(OxmlElement("w:rtl"))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n"))
