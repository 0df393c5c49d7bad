"""The words of plain text and of HTML. Quotations keep a `> `, table rows become lines with tabs."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "hr", "pre"}
)
_WIDE = frozenset({"p", "h1", "h2", "h3", "h4", "table", "blockquote"})
_HIDDEN = frozenset({"script", "style", "head", "title", "noscript", "template", "object"})
_CELLS = frozenset({"td", "th"})
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link"})
# Stands between cells until white space has been folded.
_COLUMN = "\0"
DEEPEST_QUOTE = 9
MOST_SPANNED = 200


def decoded(content: bytes) -> str:
    """Bytes of text as text: by byte order mark, UTF-8, then Windows for Western letters. Line ends become \\n."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    return re.sub(r"\r\n?", "\n", text).replace("\0", "")


def text_of_html(source: str) -> str:
    """What a reader of the page sees, without scripts, styles and hidden parts."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.text()


@dataclass
class _Cell:
    rows: int
    columns: int
    words: list[str] = field(default_factory=list)


@dataclass
class _Table:
    """Cells of the row being read, and by column the words that a merged cell still lends to rows below."""

    row: list[_Cell] = field(default_factory=list)
    lent: dict[int, tuple[int, str]] = field(default_factory=dict)

    def close_row(self) -> list[str]:
        """The row's words by column; a merged cell's words stand in each row and in the first column of its own."""
        cells, self.row = self.row, []
        borrowed, self.lent = self.lent, {}
        out: list[str] = []
        for cell in cells:
            self._fill(out, borrowed)
            words = " ".join("".join(cell.words).split())
            for said in [words, *[""] * (cell.columns - 1)]:
                self._lend(len(out), cell.rows - 1, said)
                out.append(said)
        self._fill(out, borrowed)
        return out

    def _fill(self, out: list[str], borrowed: dict[int, tuple[int, str]]) -> None:
        while len(out) in borrowed:
            rows, words = borrowed.pop(len(out))
            self._lend(len(out), rows - 1, words)
            out.append(words)

    def _lend(self, column: int, rows: int, words: str) -> None:
        if rows > 0:
            self.lent[column] = (rows, words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quote = 0
        self._hidden: list[str] = []
        self._tables: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            self._hidden += [tag] if tag == self._hidden[0] else []
        elif tag in _HIDDEN or (_is_hidden(attrs) and tag not in _VOID):
            self._hidden.append(tag)
        elif tag == "table":
            self._break(wide=True)
            self._tables.append(_Table())
        elif tag in _CELLS and self._tables:
            self._tables[-1].row.append(_Cell(_span(attrs, "rowspan"), _span(attrs, "colspan")))
        elif tag == "blockquote":
            self._break(wide=True)
            self._quote = min(self._quote + 1, DEEPEST_QUOTE)
        elif tag in _BLOCKS:
            self._break(wide=tag in _WIDE)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[0]:
                self._hidden.pop()
        elif tag == "tr" and self._tables:
            self._close_row()
        elif tag == "table" and self._tables:
            self._close_row()
            self._tables.pop()
            self._break(wide=True)
        elif tag == "blockquote":
            self._break(wide=True)
            self._quote = max(self._quote - 1, 0)
        elif tag in _BLOCKS:
            self._break(wide=tag in _WIDE)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            (self._tables[-1].row[-1].words if self._tables and self._tables[-1].row else self._line).append(data)

    def text(self) -> str:
        """All lines, at most one empty line between two."""
        while self._tables:
            self._close_row()
            self._tables.pop()
        self._break()
        return re.sub(r"\n(?:[> ]*\n){2,}", "\n\n", "\n".join(self._lines)).strip("\n") + "\n"

    def _close_row(self) -> None:
        cells = self._tables[-1].close_row() if self._tables[-1].row else []
        if any(cells):
            self.handle_data(_COLUMN.join(cells) if len(cells) > 1 else cells[0])
            self._break()

    def _break(self, wide: bool = False) -> None:
        if self._tables and self._tables[-1].row:
            self._tables[-1].row[-1].words.append(" ")
            return
        line = " ".join("".join(self._line).split()).replace(_COLUMN, "\t")
        self._line = []
        if line:
            self._lines.append("> " * self._quote + line)
        if wide and self._lines and self._lines[-1]:
            self._lines.append("")


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    style = re.sub(r"\s", "", dict(attrs).get("style") or "").lower()
    return "display:none" in style or "mso-hide:all" in style


def _span(attrs: list[tuple[str, str | None]], name: str) -> int:
    value = dict(attrs).get(name) or "1"
    return max(1, min(int(value), MOST_SPANNED)) if value.isascii() and value.isdigit() else 1
