"""HTML mail as text: quoted parts come out as quoted lines, so that one set of rules judges both kinds of body."""

import re

from lxml import etree, html

from crm.inbound.charsets import clean_text

SOFT_QUOTE = "\ue000"
SEPARATOR = "-----Original Message-----"
BLOCKS = {
    "p",
    "div",
    "table",
    "tr",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "center",
    "form",
    "address",
    "dl",
    "dd",
    "dt",
    "td",
    "th",
    "title",
}
SILENT = {
    "script",
    "style",
    "head",
    "meta",
    "link",
    "title",
    "noscript",
    "object",
    "svg",
    "template",
    "select",
    "textarea",
}
QUOTE_CLASSES = {
    "gmail_quote",
    "yahoo_quoted",
    "protonmail_quote",
    "moz-cite-prefix",
    "gmail_quote_container",
    "gmail_attr",
    "zmail_extra",
    "tutanota_quote",
    "hm_quote",
    "yahoo-quoted-begin",
}
START_IDS = {
    "divrplyfwdmsg",
    "appendonsend",
    "mail-editor-reference-message-container",
    "replysplit",
    "stopspelling",
    "outlookmessageheader",
    "x_divrplyfwdmsg",
}
_BORDER = re.compile(
    r"border-top:\s*(?:solid|1pt|1\.0pt)?\s*#?(?:E1E1E1|B5C4DF)|border-top:solid #(?:E1E1E1|B5C4DF)"
    r"|border:none;\s*border-top:solid\s+#?(?:E1E1E1|B5C4DF|windowtext)",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES = re.compile(r"\n(?:[>\ue000 ]*\n){3,}")
_PREFIXED_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.I)


class _Writer:
    """Collects text with the quote depth of each line; blank lines never pile up."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.marks: list[str] = []
        self.preformatted = 0

    def text(self, text: str | None) -> None:
        if not text:
            return
        if self.preformatted:
            first, *rest = text.split("\n")
            self.line += first
            for more in rest:
                self.end_line()
                self.line = more
            return
        piece = _SPACES.sub(" ", text)
        self.line += piece.lstrip(" ") if not self.line or self.line.endswith(" ") else piece

    def end_line(self) -> None:
        self.lines.append("".join(self.marks[:40]) + self.line.rstrip(" "))
        self.line = ""

    def block(self) -> None:
        if self.line.strip():
            self.end_line()
        self.line = ""

    def gap(self) -> None:
        self.block()
        if self.lines and self.lines[-1].strip(" >" + SOFT_QUOTE):
            self.end_line()


def text_of(markup: str) -> str:
    """The words of an HTML body. Cited blocks are lines with `> `; other blockquotes begin with a soft mark."""
    root = _tree(markup)
    if root is None:
        return ""
    writer = _Writer()
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            _leave(writer, element)
            writer.text(element.tail)
        elif not isinstance(element.tag, str) or _skipped(element):
            writer.text(element.tail)
        else:
            _enter(writer, element)
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
    writer.block()
    return clean_text(_MANY_LINES.sub("\n\n", "\n".join(writer.lines))).strip("\n")


def _tree(markup: str) -> etree._Element | None:
    markup = _PREFIXED_DECLARATION.sub("", markup)
    parser = html.HTMLParser(recover=True, remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=True)
    try:
        root: etree._Element | None = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return root


def _skipped(element: etree._Element) -> bool:
    name = _name(element)
    return name in SILENT or (name not in ("html", "body") and bool(_HIDDEN.search(element.get("style") or "")))


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _quote_mark(element: etree._Element) -> str:
    classes = {name.removeprefix("x_").lower() for name in (element.get("class") or "").split()}
    if _name(element) == "blockquote":
        cited = (element.get("type") or "").lower() == "cite" or element.get("cite") or classes & QUOTE_CLASSES
        return "> " if cited else SOFT_QUOTE
    if classes & {"yahoo_quoted", "protonmail_quote", "tutanota_quote"}:
        return "> "
    return ""


def _starts_history(element: etree._Element) -> bool:
    if (element.get("id") or "").lower() in START_IDS:
        return True
    return _name(element) == "div" and bool(_BORDER.search(element.get("style") or ""))


def _enter(writer: _Writer, element: etree._Element) -> None:
    name = _name(element)
    if name in BLOCKS:
        if name in ("p", "blockquote", "h1", "h2", "h3", "table", "ul", "ol"):
            writer.gap()
        else:
            writer.block()
    mark = _quote_mark(element)
    if mark:
        writer.block()
        writer.marks.append(mark)
    if _starts_history(element):
        writer.block()
        writer.line = SEPARATOR
        writer.end_line()
    if name == "pre":
        writer.preformatted += 1
    if name == "br":
        writer.end_line()
    elif name == "li":
        writer.line = "- "
    if name != "br":
        writer.text(element.text)


def _leave(writer: _Writer, element: etree._Element) -> None:
    name = _name(element)
    if name == "pre":
        writer.block()
        writer.preformatted -= 1
    if name in BLOCKS:
        writer.block()
    if _quote_mark(element):
        writer.block()
        writer.marks.pop()
    if name in ("p", "h1", "h2", "h3"):
        writer.gap()
