"""The letter on paper, as HTML for the press: letterhead, numbered paragraphs, signature, QR to the private page."""

from base64 import b64encode
from typing import Any

import segno
from markupsafe import Markup

from crm.i18n import is_right_to_left
from crm.mail.blocks import blocks
from crm.mail.environment import environment
from crm.mail.letter import Letter
from crm.mail.letterhead import Letterhead


def sheet(letter: Letter, head: Letterhead, values: dict[str, Any], subject: str, message: str) -> str:
    """`message`, a letter's own block, set on the letterhead. Fetches nothing: the press brings the fonts."""
    template = environment(letter.language).get_template("letter.html")
    return template.render(
        values,
        head=head,
        language=letter.language,
        direction="rtl" if is_right_to_left(letter.language) else "ltr",
        subject=subject,
        message=blocks(message),
        signed=b64encode(head.signature).decode("ascii"),
        qr=square_code(values["page"]) if values.get("page") else "",
    )


def square_code(address: str) -> Markup:
    """A QR code of `address` as inline SVG, medium error correction (ISO/IEC 18004), sized by the style sheet."""
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(border=2, omitsize=True, svgclass="square"))
