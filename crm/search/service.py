"""Indexing a record, and one search over everything on either database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import Executable

from crm.base import Grade, Subject
from crm.bulk import insert_many, rows_of
from crm.search.models import TWINS, SearchEntry
from crm.search.rules import Findable, tokens, trigrams

CLOSE_ENOUGH = 62.0
CANDIDATES = 80
ENTRY = rows_of(SearchEntry).c
# Every mail and every answer is indexed: what that says is built once.
HERE = (ENTRY.subject_kind == bindparam("of_kind")) & (ENTRY.subject_id == bindparam("of_id"))
READ = select(ENTRY.id, ENTRY.title_words, ENTRY.words).where(HERE)
WRITE = update(rows_of(SearchEntry)).where(HERE)
ENTRIES = select(
    *(ENTRY.id, ENTRY.subject_kind, ENTRY.subject_id, ENTRY.title, ENTRY.title_ur, ENTRY.detail, ENTRY.title_words)
).where(ENTRY.id.in_(bindparam("ids", expanding=True)), ENTRY.grade.in_(bindparam("grades", expanding=True)))
PUT = [text(f"INSERT INTO {name}(rowid, {column}) VALUES (:id, :{column})") for name, column in TWINS.items()]
TAKE = [
    text(f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', :id, :{column})")
    for name, column in TWINS.items()
]


@dataclass(frozen=True)
class Found:
    """A hit: what it is, how it is named in both languages, and a line of detail."""

    subject: Subject
    title: str
    title_ur: str
    detail: str


def index(
    session: Session,
    subject: Subject,
    title: str,
    body: str = "",
    title_ur: str = "",
    detail: str = "",
    grade: Grade = Grade.OFFICIAL,
) -> None:
    """Put a record into the index, or put it there anew."""
    [row] = _rows([(subject, Findable(title, body, title_ur, detail), grade)])
    here = {"of_kind": subject.kind, "of_id": subject.id}
    known = session.connection().execute(READ, here).one_or_none()
    if known is None:
        [number] = insert_many(session, SearchEntry, [row])
    else:
        number = known.id
        _tell_twins(session, TAKE, [{"id": number, "title_words": known.title_words, "words": known.words}])
        session.connection().execute(WRITE, here | row)
    _tell_twins(session, PUT, [row | {"id": number}])


def _tell_twins(session: Session, what: Sequence[Executable], rows: list[dict[str, Any]]) -> None:
    """SQLite's full-text tables are kept by us: `trusted_schema=OFF` rightly refuses triggers that write to them."""
    if session.get_bind().dialect.name == "sqlite":
        for one in what:
            session.connection().execute(one, rows)


def find(
    session: Session, query: str, kinds: Sequence[str] = (), grades: Sequence[Grade] = tuple(Grade), most: int = 20
) -> list[Found]:
    """The records that `query` means, best first: by words and prefixes, then by likeness for typing errors."""
    words = tokens(query)
    if not words:
        return []
    exact = _by_words(session, words)
    rows = _entries(session, exact, kinds, grades)
    if not rows:  # whoever is found by the words as typed did not mistype them
        alike = set(_by_likeness(session, words)) - set(exact)
        rows = [row for row in _entries(session, alike, kinds, grades) if _likeness(words, row) >= CLOSE_ENOUGH]
    sought, firm = " ".join(words), set(exact)
    rows.sort(key=lambda row: (row.id not in firm, -fuzz.token_set_ratio(sought, row.title_words), row.title))
    return [
        Found(Subject(row.subject_kind, row.subject_id), row.title, row.title_ur, row.detail) for row in rows[:most]
    ]


def _entries(session: Session, ids: Iterable[int], kinds: Sequence[str], grades: Sequence[Grade]) -> list[Any]:
    """The entries of these ids, of these kinds (of every kind where none is named) and grades."""
    wanted = {"ids": list(ids), "grades": list(grades)}
    rows = session.connection().execute(ENTRIES, wanted) if wanted["ids"] else ()
    return [row for row in rows if not kinds or row.subject_kind in kinds]


def _likeness(words: list[str], row: Any) -> float:
    """How well every sought word is met by some word of the title, from 0 to 100."""
    there = row.title_words.split()
    return sum(max((fuzz.ratio(word, one) for one in there), default=0.0) for word in words) / len(words)


def _by_words(session: Session, words: list[str]) -> list[int]:
    """Records that have all the words; the last may still be being typed. Where there are none, all as beginnings."""
    return _having(session, words[:-1], words[-1:]) or (_having(session, [], words) if len(words) > 1 else [])


def _having(session: Session, whole: Sequence[str], begun: Sequence[str], most: int = CANDIDATES) -> list[int]:
    """Records that have all these words and a word for each of these beginnings, best first."""
    if session.get_bind().dialect.name == "sqlite":
        match = " ".join([*(f'"{word}"' for word in whole), *(f'"{word}"*' for word in begun)])
        sought = text("SELECT rowid FROM search_words WHERE search_words MATCH :match ORDER BY rank LIMIT :most")
        return list(session.scalars(sought, {"match": match, "most": most}))
    match = " & ".join([*(f"'{word}'" for word in whole), *(f"'{word}':*" for word in begun)])
    document = func.to_tsvector(text("'simple'"), SearchEntry.words)
    asked = func.to_tsquery(text("'simple'"), match)
    return list(session.scalars(select(SearchEntry.id).where(document.op("@@")(asked)).limit(most)))


def _by_likeness(session: Session, words: list[str]) -> list[int]:
    """Candidates for a query with typing errors: those with its other words, and those that share its letters.

    Only the words that nothing has are sought by their letters: the common ones would bring in half the register.
    """
    known = [word for word in words if _having(session, [word], [], 1)]
    spoilt = [word for word in words if word not in known] or words
    found = _having(session, known, []) if known and spoilt is not words else []
    return [*found, *_sharing_letters(session, spoilt)]


def _sharing_letters(session: Session, words: list[str]) -> list[int]:
    """Candidates that share letters with the long ones of `words`; short ones are left to prefixes."""
    pieces = [piece for word in words for piece in trigrams(word)]
    if not pieces:
        return []
    if session.get_bind().dialect.name == "sqlite":
        match = " OR ".join(f'"{piece}"' for piece in pieces[:60])
        sought = text("SELECT rowid FROM search_trigrams WHERE search_trigrams MATCH :match ORDER BY rank LIMIT :most")
        return list(session.scalars(sought, {"match": match, "most": CANDIDATES}))
    likeness = func.word_similarity(" ".join(words), SearchEntry.title_words)
    near = text(":sought <% title_words").bindparams(sought=" ".join(words))
    chosen = select(SearchEntry.id).where(near).order_by(likeness.desc()).limit(CANDIDATES)
    return list(session.scalars(chosen))


def forget(session: Session) -> None:
    """Empty the index before it is rebuilt."""
    session.execute(delete(SearchEntry))
    if session.get_bind().dialect.name == "sqlite":
        for name in TWINS:
            session.execute(text(f"INSERT INTO {name}({name}) VALUES ('delete-all')"))


def write_anew(session: Session, found: Iterable[tuple[Subject, Findable, Grade]]) -> int:
    """Put these records, and no others, into the index. Returns how many."""
    forget(session)
    rows = _rows(found)
    if rows:
        session.execute(insert(SearchEntry), rows)
    if session.get_bind().dialect.name == "sqlite":
        for name in TWINS:
            session.execute(text(f"INSERT INTO {name}({name}) VALUES ('rebuild')"))
    return len(rows)


def add_new(session: Session, found: Iterable[tuple[Subject, Findable, Grade]]) -> None:
    """Put records into the index that were never in it: many to a statement."""
    rows = _rows(found)
    numbers = insert_many(session, SearchEntry, rows)
    if rows:
        _tell_twins(session, PUT, [row | {"id": number} for number, row in zip(numbers, rows, strict=True)])


def _rows(found: Iterable[tuple[Subject, Findable, Grade]]) -> list[dict[str, Any]]:
    return [
        {
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "title": by.title,
            "title_ur": by.title_ur,
            "detail": by.detail,
            "title_words": by.title_words,
            "words": by.words,
            "grade": grade,
        }
        for subject, by, grade in found
    ]


def is_sound(session: Session) -> bool:
    """Whether the full-text twins agree with the index. PostgreSQL keeps its own; SQLite compares when asked (rank 1).

    The question is put as an insert, so the session takes the lock; nothing is written.
    """
    if session.get_bind().dialect.name == "sqlite":
        try:
            for name in TWINS:
                session.execute(text(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)"))
        except DatabaseError as fault:
            if "malformed" not in str(fault.orig):
                raise
            return False
    return True
