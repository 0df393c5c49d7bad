"""The HTML twin of a letter's text: the same words, one button, no image, nothing fetched, nothing counted.

Styles stand on the elements because mail readers drop style sheets; this is the only place in the house for that.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from crm.i18n import is_right_to_left
from crm.mail.blocks import Block, Shape
from crm.mail.inline import words

LATIN = "-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
NASTALIQ = "'Noto Nastaliq Urdu','Jameel Noori Nastaleeq','Noto Naskh Arabic',Tahoma,serif"
_ADDRESS = re.compile(r"https?://[^\s<>\"\x02\x03]+[^\s<>\"\x02\x03.,;:)]")
_FRAME = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title>
{style}</head>
<body dir="{dir}" style="margin:0;background:#ffffff;color:#1b2430;font-family:{font};font-size:16px;\
line-height:{leading}">
<div lang="{lang}" style="max-width:560px;margin:0;padding:20px 20px 28px">
{body}
</div>
</body>
</html>
"""
_BDI = "<style>bdi{font-family:Arial,sans-serif;font-size:.86em}</style>\n"


def twin(letter: Iterable[Block], subject: str, language: str) -> str:
    """The letter as a small HTML page in its language and direction, everything escaped."""
    urdu = is_right_to_left(language)
    letter = list(letter)
    body = "\n".join(_block(block, urdu) for block in letter if not block.in_foot)
    return _FRAME.format(
        lang=escape(language),
        dir="rtl" if urdu else "ltr",
        title=escape(subject),
        style=_BDI if urdu else "",
        font=NASTALIQ if urdu else LATIN,
        leading="2.15" if urdu else "1.55",
        body=body + _foot([block for block in letter if block.in_foot], urdu),
    )


# Remembered for the same reason as in `blocks`.
@lru_cache(4096)
def _block(block: Block, urdu: bool) -> str:
    if block.shape is Shape.PAGE and re.match(r"https?://", block.texts[0]):
        return _button(block.texts[0], block.texts[1] or block.texts[0], urdu)
    texts = [_inline(text, urdu) for text in block.texts if text]
    match block.shape:
        case Shape.ITEMS:
            items = "".join(f'<li style="margin:0 0 {0 if urdu else 4}px">{text}</li>' for text in texts)
            return f'<ul style="margin:0 0 16px;padding-inline-start:20px">{items}</ul>'
        case Shape.HEADING:
            return f'<p style="margin:0 0 4px;font-weight:600">{texts[0]}</p>'
        case Shape.WARNING:
            style = "margin:0 0 16px;padding-inline-start:12px;border-inline-start:3px solid #b45309"
            return f'<p style="{style}">{texts[0]}</p>'
        case _:
            return f'<p style="margin:0 0 16px">{"<br>".join(texts)}</p>'


def _foot(letter: list[Block], urdu: bool) -> str:
    if not letter:
        return ""
    words = "<br>\n".join("<br>".join(_inline(text, urdu) for text in block.texts) for block in letter)
    leading = "2.1" if urdu else "1.5"
    style = f"padding-top:12px;border-top:1px solid #c8d0da;font-size:13px;line-height:{leading};color:#475364"
    return f'\n<p style="margin:0;{style}">{words}</p>'


def _button(address: str, label: str, urdu: bool) -> str:
    style = (
        "display:inline-block;background:#0f5c46;color:#ffffff;text-decoration:none;font-weight:600;"
        f"padding:{6 if urdu else 12}px 22px;border-radius:6px"
    )
    return f'<p style="margin:0 0 20px"><a href="{escape(address)}" style="{style}">{escape(label)}</a></p>'


def _inline(text: str, urdu: bool) -> str:
    """One text escaped: addresses become links, Latin runs in Urdu are set apart, strong words strong."""
    out: list[str] = []
    last = 0
    for found in _ADDRESS.finditer(text):
        address = escape(found.group())
        out.append(words(text[last : found.start()], urdu))
        out.append(f'<a href="{address}" style="color:#0f5c46">{address}</a>')
        last = found.end()
    out.append(words(text[last:], urdu))
    return "".join(out)
