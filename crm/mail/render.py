"""A letter in its reader's language: subject, plain text, HTML twin and, for letters on paper, the sheet of the PDF."""

import re
from dataclasses import dataclass
from typing import Any

from jinja2 import Template, TemplateNotFound, UndefinedError
from jinja2.runtime import Context

from crm.itip.lines import one_line
from crm.mail.blocks import blocks, plain, unmarked
from crm.mail.environment import environment, spoken
from crm.mail.letter import Letter, LetterKind
from crm.mail.letterhead import Letterhead
from crm.mail.sheet import sheet
from crm.mail.twin import twin


class LetterIncomplete(ValueError):
    """A letter cannot be written: its template is not there, or needs a value that its context lacks."""


@dataclass(frozen=True)
class Rendered:
    """A letter in words. pdf_html: what the press makes the PDF of, or None."""

    subject: str
    text: str
    html: str
    pdf_html: str | None = None


def render(letter: Letter, head: Letterhead) -> Rendered:
    """`letter` written out on `head`. Raises LetterIncomplete, naming the template and the value.

    Texts in the context become one line each; what has several paragraphs or points is a list.
    """
    values = _own(letter, head) | spoken(letter.context, letter.language)
    try:
        template = environment(letter.language).get_template(f"{letter.template}.txt")
        return _written(letter, head, template, values)
    except TemplateNotFound as missing:
        raise LetterIncomplete(f"There is no letter template {missing.name!r}.") from missing
    except UndefinedError as missing:
        name = re.findall(r"'(\w*)'", missing.message or "?")[-1]
        raise LetterIncomplete(f"The letter {letter.template} needs {name!r}: {missing.message}.") from missing


def _own(letter: Letter, head: Letterhead) -> dict[str, Any]:
    """What a template may name besides the context. A request is dated as its ask; other letters say their own date."""
    ask = letter.context.get("ask", {})
    return {
        "head": head,
        "reply_to": letter.reply_to,
        "step": letter.step,
        "enclosed": [one_line(enclosure.name) for enclosure in letter.enclosures],
        "dated": ask.get("sent_on") if letter.kind is LetterKind.REQUEST else None,
    }


def _written(letter: Letter, head: Letterhead, template: Template, values: dict[str, Any]) -> Rendered:
    # Shared, because otherwise Jinja copies its globals name by name for every letter: a fifth of the time.
    context = template.new_context(template.environment.globals | values, shared=True)
    source = "".join(template.root_render_func(context))
    subject = one_line(unmarked(_subject(context, letter)))
    body = blocks(source)
    paper = sheet(letter, head, values, _matter(context, subject), _message(context)) if letter.with_pdf else None
    return Rendered(subject, plain(body), twin(body, subject, letter.language), paper)


def _subject(context: Context, letter: Letter) -> str:
    """What the template set as `subject`."""
    if "subject" not in context.vars:
        raise LetterIncomplete(f"The letter {letter.template} sets no subject.")
    return str(context.vars["subject"])


def _matter(context: Context, subject: str) -> str:
    """The subject as paper has it, which needs no number in brackets: what the template set as `matter`."""
    return one_line(unmarked(str(context.vars.get("matter", subject))))


def _message(context: Context) -> str:
    """The block `message` alone: on paper, the hints for readers of e-mail have no place."""
    return "".join(context.blocks["message"][0](context))
