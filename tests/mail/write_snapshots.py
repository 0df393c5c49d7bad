"""Writes what every letter now says beside the tests: `python -m tests.mail.write_snapshots`, then read the diff."""

from pathlib import Path

from crm.i18n import LANGUAGES, catalogue
from crm.mail.letter import Letter
from crm.mail.render import render
from tests.mail.letters import EVERY, HEAD

SNAPSHOTS = Path(__file__).parent / "snapshots"
A_SENTENCE = "Kindly reply to this e-mail."


def shown(letter: Letter) -> str:
    """A letter as its snapshot keeps it."""
    rendered = render(letter, HEAD)
    return f"Subject: {rendered.subject}\n\n{rendered.text}"


def place(name: str, language: str) -> Path:
    """Where the snapshot of a letter is kept."""
    return SNAPSHOTS / f"{name.replace('/', '.')}.{language}.txt"


def is_translated(language: str) -> bool:
    """Whether letters have words in `language` yet."""
    return language == "en" or catalogue(language).gettext(A_SENTENCE) != A_SENTENCE


def main() -> None:
    """Write every snapshot of every language that has words."""
    SNAPSHOTS.mkdir(exist_ok=True)
    for language in filter(is_translated, LANGUAGES):
        for name, letter in EVERY.items():
            place(name, language).write_text(shown(letter.in_language(language)), "utf-8")


if __name__ == "__main__":
    main()
