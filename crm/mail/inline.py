"""Words inside a line of HTML: escaped, strong where marked, and Latin kept together where Urdu runs around it."""

import re
from html import escape

from crm.mail.blocks import STRONG, WEAK

_TOKEN = r"\+?[A-Za-z0-9][\w./()+@&#'’:\-–]*"
# Latin words or digits, also with the Latin comma between them; Urdu has a comma of its own.
_LATIN_RUN = re.compile(rf"{_TOKEN}(?:,? \(?{_TOKEN})*", re.ASCII)


def words(text: str, right_to_left: bool) -> str:
    """`text` as HTML. Among right-to-left words each Latin run is isolated, so that it reads from the left."""
    shown = _isolated(text) if right_to_left else escape(text, quote=False)
    return shown.replace(STRONG, "<strong>").replace(WEAK, "</strong>")


def _isolated(text: str) -> str:
    out = []
    last = 0
    for found in _LATIN_RUN.finditer(text):
        run = found.group().rstrip(".:")
        if run.endswith(")") and run.count(")") > run.count("("):
            run = run[:-1]
        out.append(f"{escape(text[last : found.start()], quote=False)}<bdi>{escape(run, quote=False)}</bdi>")
        last = found.start() + len(run)
    return "".join(out) + escape(text[last:], quote=False)
