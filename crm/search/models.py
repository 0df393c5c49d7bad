"""The index: a row a subject, with words normalised for English and Urdu, and each database's own full-text twin."""

from sqlalchemy import DDL, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import Base, Grade

TWINS_SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "CREATE VIRTUAL TABLE search_trigrams USING fts5(title_words, content='search_entry', content_rowid='id', "
    "tokenize='trigram')",
)
TWINS_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_search_entry_words ON search_entry USING gin (to_tsvector('simple', words))",
    "CREATE INDEX ix_search_entry_trigrams ON search_entry USING gin (title_words gin_trgm_ops)",
)
TWINS = {"search_words": "words", "search_trigrams": "title_words"}


class SearchEntry(Base):
    """What a record is found by. `words` and `title_words` are normalised (`search.rules`)."""

    __tablename__ = "search_entry"
    __audited__ = False
    __table_args__ = (
        Index("ix_search_entry_subject", "subject_kind", "subject_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    title: Mapped[str]
    title_ur: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    title_words: Mapped[str]
    words: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), default=1)
    grade: Mapped[Grade] = mapped_column(default=Grade.OFFICIAL)


for _dialect, _statements in (("sqlite", TWINS_SQLITE), ("postgresql", TWINS_POSTGRESQL)):
    for _statement in _statements:
        event.listen(
            SearchEntry.__table__,
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
