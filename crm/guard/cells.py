"""Cells of a CSV or spreadsheet that no program takes for a formula (OWASP ASVS 5.0, 1.2.10), and the way back."""

import re

# The full-width signs count as well: some programs fold them on opening the file.
_STARTS = "=+\\-@\t\r\n\0＝＋－＠"
_DANGEROUS = re.compile(rf"'*[ \u00a0]*[{_STARTS}]")
_ESCAPED = re.compile(rf"'+[ \u00a0]*[{_STARTS}]")


def safe_cell(value: str) -> str:
    """`value` as it may stand in a CSV cell: what could start a formula gets an apostrophe in front.

    A value that already looks escaped gets one more, so that `original_cell` always gives the value back.
    """
    return "'" + value if _DANGEROUS.match(value) else value


def original_cell(cell: str) -> str:
    """The value that `safe_cell` was given; the one apostrophe goes. It stays text, never a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def is_dangerous(value: str) -> bool:
    """Whether a spreadsheet program could take `value` for a formula."""
    return re.match(rf"[ \u00a0]*[{_STARTS}]", value) is not None
