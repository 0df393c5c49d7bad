"""The words a person wrote in a reply, and apart from them what they quoted: folded away, never deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from crm.inbound import quoting
from crm.inbound.markup import SOFT_QUOTE

HEADER_LINES = 5
BLOCK_SPAN = 10
LONG_SIGNATURE = 20
MOST_LINES = 3000
MOST_CHARACTERS = 256 * 1024
MOST_QUOTES = 50
LOOSE_SIGNATURE = 6
CLOSERS = (":", "：", ";", ">", "]")
TRACKING_MARKS = {"ᐧ", "​"}


@dataclass(frozen=True)
class Visible:
    """The reply as it is shown, and the rest (quotes, signatures, history) as it is kept."""

    text: str
    folded: str


@dataclass(frozen=True)
class _Mark:
    """Where lines [start, end) announce a quote: `plain`, if what follows has no quote marks; `spoken`, "X wrote:"."""

    start: int
    end: int
    plain: bool
    spoken: bool = False


def visible_reply(text: str, forwarded: bool = False) -> Visible:
    """Part `text` into reply and rest. A forward stays whole, and so does a text of which nothing would remain."""
    if "- On " in text:
        text = quoting.SHARED_LINE.sub(r"\n\1", text)
    if forwarded:
        return Visible(_shown(text.split("\n")), "")
    judged, beyond = _within_limits(text)
    kept, folded = _part(judged)
    kept, folded = (kept, folded + beyond) if folded else (kept + beyond, folded)
    if not any(line.strip() for line in kept) and any(line.strip() for line in judged):
        return Visible(_shown(judged + beyond), "")
    return Visible(_shown(kept), "\n".join(folded).replace(SOFT_QUOTE, "> ").strip("\n"))


def _within_limits(text: str) -> tuple[list[str], list[str]]:
    """The lines that are judged, and those beyond the limit, which stay with whatever came last."""
    lines = text.split("\n")
    end, octets = 0, 0
    while end < min(len(lines), MOST_LINES) and octets < MOST_CHARACTERS:
        octets += len(lines[end]) + 1
        end += 1
    return lines[:end], lines[end:]


def _part(lines: list[str], depth: int = 0) -> tuple[list[str], list[str]]:
    mark = _first_mark(lines) if depth < MOST_QUOTES else None
    if mark is None:
        return _without_tail(lines)
    before, announcement, after = lines[: mark.start], lines[mark.start : mark.end], lines[mark.end :]
    empty = not any(line.strip() for line in before)
    if mark.plain and empty and mark.spoken:
        more, more_folded = _part(after, depth + 1)
        return more, announcement + more_folded
    if mark.plain:
        kept, tail = _without_tail(before)
        return kept, tail + announcement + after
    quoted, rest = _quoted_block(after)
    more, more_folded = _part(rest, depth + 1)
    if not any(line.strip() for line in more) or _only_signs(more):
        kept, tail = _without_tail(before)
        return kept, tail + announcement + quoted + rest
    if empty and not any(map(_is_quoted, more)):
        return more, announcement + quoted + more_folded
    return before + _hard(quoted) + more, announcement + more_folded


def _only_signs(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return len(filled) <= LOOSE_SIGNATURE and bool(quoting.SIGNATURE_LINE.match(filled[0]))


def _hard(quoted: list[str]) -> list[str]:
    return [line.replace(SOFT_QUOTE, "> ") for line in quoted]


def _shown(lines: list[str]) -> str:
    text = "\n".join(line.replace(SOFT_QUOTE, "").rstrip() for line in lines)
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip("\n")


def _first_mark(lines: list[str]) -> _Mark | None:
    fenced = False
    for at, line in enumerate(lines):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if fenced or not line.strip() or len(line) > 2000 or _is_quoted(line):
            continue
        end = announced(lines, at)
        if end:
            return _Mark(at, end, plain=not _quote_follows(lines, end), spoken=True)
        if _separates(lines, at):
            return _Mark(at, at + 1, plain=True)
    return None


def _separates(lines: list[str], at: int) -> bool:
    line = lines[at]
    if quoting.REPLY_ABOVE.search(line):
        return True
    if quoting.SEPARATOR_LINE.match(line):
        return True
    if quoting.RULE_LINE.match(line):
        following = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n].strip()), None)
        return following is not None and is_block(lines, following, 1)
    return is_block(lines, at)


def is_block(lines: list[str], at: int, wanted: int = 2) -> bool:
    """Whether a From/Sent/To/Subject block in any known language begins at line `at`."""
    if not quoting.FROM_LINE.match(lines[at]):
        return False
    kinds = {1, 2} if "@" in lines[at] and quoting.DATE_INSIDE.search(lines[at]) else set()
    for line in lines[at + 1 : at + BLOCK_SPAN]:
        if not line.strip() and kinds:
            break
        kinds |= {number for number, label in enumerate(quoting.BLOCK_LINES) if label.match(line)}
        if quoting.SUBJECT_INSIDE.search(line):
            kinds.add(2)
    written = "\n".join(lines[at : at + BLOCK_SPAN])
    mailed = wanted < 2 or "@" in written or bool(quoting.HOUR.search(written))
    return mailed and len(kinds) >= wanted


def announced(lines: list[str], at: int) -> int:
    """The line after an "On ... wrote:" that begins at `at` and runs over at most five lines; 0 if none does."""
    end = _announcement_end(lines, at)
    if end > at + 1 and any(
        _dated(lines[later]) and _announcement_end(lines, later) == end for later in range(at + 1, end)
    ):
        return 0
    return end


def _dated(line: str) -> bool:
    return bool(quoting.FULL_DATE.search(line) or quoting.HOUR.search(line))


def _announcement_end(lines: list[str], at: int) -> int:
    joined = ""
    if not _may_announce(lines[at]):
        return 0
    for end in range(at + 1, min(at + 1 + HEADER_LINES, len(lines) + 1)):
        line = lines[end - 1].strip()
        if not line:
            upcoming = lines[end].strip() if end < len(lines) else ""
            if upcoming[:1] in "<" and upcoming:
                continue
            return 0
        if end > at + 1 and (_ends_sentence(lines[at]) or (_is_quoted(line) and not quoting.BROKEN_OFF.match(line))):
            return 0
        joined = f"{joined} {line}" if joined else line
        if len(joined) > quoting.LONGEST_ANNOUNCEMENT:
            return 0
        if _announces(joined, lines[at], partial(_quote_follows, lines, end)):
            return end
    return 0


def _ends_sentence(line: str) -> bool:
    return line.rstrip().endswith(("!", "?", "۔", ":")) or (line.rstrip().endswith(".") and not _dated(line))


def _may_announce(first: str) -> bool:
    start = first.translate(quoting.TURNING_MARKS).strip(quoting.EDGES)[:70]
    return any(char.isdigit() or char == "@" for char in start) or bool(quoting.OPENING.match(start))


def _announces(joined: str, first: str, quote_follows: Callable[[], bool]) -> bool:
    joined = joined.translate(quoting.TURNING_MARKS)
    words = joined.strip(quoting.EDGES)
    if quoting.DATED_NAME.match(words):
        return True
    closes = joined.rstrip().endswith(CLOSERS) or words.endswith(CLOSERS)
    if not closes and not quoting.VERB.search(words[-30:]):
        return False
    dated = bool(quoting.FULL_DATE.search(words) or quoting.HOUR.search(words))
    addressed = bool(quoting.ADDRESS.search(words))
    if not (dated or addressed):
        return False
    verb = quoting.VERB.search(words)
    if verb and (words.endswith((":", "：", ";")) or verb.end() >= len(words) - 2):
        return quote_follows() or _says_who_and_when(words, addressed)
    return closes and dated and _names_sender(joined, words, first, quote_follows)


def _says_who_and_when(words: str, addressed: bool) -> bool:
    placed = addressed or quoting.HOUR.search(words) or quoting.OPENING.match(words)
    return bool(placed) and not quoting.PRONOUN.search(words)


def _names_sender(joined: str, words: str, first: str, quote_follows: Callable[[], bool]) -> bool:
    """A date, a name and its address, without a verb: sure before a quote, or where a line begins with the date."""
    if not quoting.MAILED_NAME.search(joined):
        return False
    early = any(char.isdigit() for char in first.strip(quoting.EDGES)[:3]) and words.endswith(">:")
    return quote_follows() or bool(early and quoting.HOUR.search(words))


def _quote_follows(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return _is_quoted(line) and not quoting.BROKEN_OFF.match(line)
    return False


def _is_quoted(line: str) -> bool:
    return bool(quoting.QUOTED_LINE.match(line))


def _is_hard_quoted(line: str) -> bool:
    return _is_quoted(line) and not line.lstrip().startswith(SOFT_QUOTE)


def _quoted_block(lines: list[str]) -> tuple[list[str], list[str]]:
    """The quoted lines at the head of `lines`, with lines that only a mailer's wrapping left unmarked; and the rest."""
    end = 0
    for at, line in enumerate(lines):
        if _is_quoted(line):
            end = at + 1
        elif line.strip():
            wrapped = at > 0 and _is_quoted(lines[at - 1]) and at + 1 < len(lines) and _is_quoted(lines[at + 1])
            if not wrapped:
                break
    return lines[:end], lines[end:]


def _without_tail(lines: list[str]) -> tuple[list[str], list[str]]:
    """Fold what hangs at the end: a signature, a device's line, a quote without announcement."""
    end = _signature_start(lines)
    while end:
        last = next((at for at in range(end - 1, -1, -1) if lines[at].strip()), -1)
        if last < 0:
            break
        if len(lines[last]) < 300 and quoting.DEVICE_LINE.match(lines[last]) or lines[last].strip() in TRACKING_MARKS:
            end = last
        elif _is_hard_quoted(lines[last]) and any(text.strip() for text in lines[:last]):
            start = _trailing_quote(lines, last)
            if start > last:
                break
            end = start
        else:
            break
    return lines[:end], lines[end:]


def _trailing_quote(lines: list[str], last: int) -> int:
    at = last
    while at > 0 and (not lines[at - 1].strip() or _is_hard_quoted(lines[at - 1])):
        at -= 1
    introduced = next((line for line in reversed(lines[:at]) if line.strip()), "").rstrip().endswith((":", "："))
    return last + 1 if introduced and at in (last, last - 1) else at


def _signature_start(lines: list[str]) -> int:
    end = len(lines)
    fenced = False
    for at in range(len(lines) - 1, 0, -1):
        if lines[at].lstrip().startswith("```"):
            fenced = not fenced
        signed = lines[at + 1 :] if len(lines) - at <= 60 else []
        filled = [line for line in signed if line.strip()]
        if len(filled) > LONG_SIGNATURE or len(lines) - at > 60 or any(map(quoting.SUBSTANCE.search, filled)):
            break
        loose = len(filled) <= LOOSE_SIGNATURE and quoting.LOOSE_SIGNATURE_LINE.match(lines[at])
        if not fenced and (loose or quoting.SIGNATURE_LINE.match(lines[at])):
            end = at
    return end if any(line.strip() for line in lines[:end]) else len(lines)
