"""The words that a list may use for the register's codes: the code itself, or its label in either language."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from crm.domain.organisations.rules import CommunicationForm, Courtesy
from crm.domain.settings.queries import terms
from crm.domain.settings.rules import TermKind
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.search.rules import normalise

LEVELS = {
    "federal": ("Federal", "وفاقی"),
    "provincial": ("Provincial or territorial", "صوبائی"),
    "national": ("National", "قومی"),
    "international": ("International", "بین الاقوامی"),
}
LANGUAGES = {"en": ("English", "انگریزی"), "ur": ("Urdu", "اردو")}
# Courts and commissions must not be chased as others are, so a list that says nothing gets this (practice 18).
COURTESY_OF_TYPE = {
    **dict.fromkeys(("judiciary", "judicial_academy"), Courtesy.JUDICIARY),
    **dict.fromkeys(("nhri", "provincial_commission", "ombudsman"), Courtesy.STATUTORY_COMMISSION),
    **dict.fromkeys(("un_agency", "intergovernmental", "donor"), Courtesy.UN),
    **dict.fromkeys(
        ("network", "ingo", "ngo", "academia", "bar_council", "community", "private"), Courtesy.CIVIL_SOCIETY
    ),
}


class Vocabulary:
    """One list of codes."""

    def __init__(self, name: Message, labels: Mapping[str, tuple[str, ...]]) -> None:
        self._name, self._labels = name, labels
        self._codes = {_key(word): code for code, words in labels.items() for word in (*words, code)}

    def code(self, text: str) -> str:
        """The code that `text` means. Raises RuleBroken with the nearest label."""
        code = self._codes.get(_key(text))
        if code is not None:
            return code
        near = process.extractOne(_key(text), list(self._codes), scorer=fuzz.WRatio)
        if near is None:
            raise RuleBroken(Message("the %(list)s “%(word)s” is not known.", list=self._name, word=text[:60]))
        label = self._labels[self._codes[near[0]]][0]
        raise RuleBroken(
            Message(
                "the %(list)s “%(word)s” is not known; the nearest is “%(near)s”.",
                list=self._name,
                word=text[:60],
                near=label,
            )
        )


@dataclass(frozen=True)
class Vocabularies:
    """Every list that a row is held against."""

    types: Vocabulary
    provinces: Vocabulary
    themes: Vocabulary
    levels: Vocabulary
    languages: Vocabulary
    courtesies: Vocabulary
    forms: Vocabulary


def vocabularies(session: Session) -> Vocabularies:
    """The lists as the unit keeps them."""
    return Vocabularies(
        types=Vocabulary(Message("type"), _terms(session, TermKind.ORGANISATION_TYPE)),
        provinces=Vocabulary(Message("province"), _terms(session, TermKind.JURISDICTION)),
        themes=Vocabulary(Message("theme"), _terms(session, TermKind.THEME)),
        levels=Vocabulary(Message("level"), LEVELS),
        languages=Vocabulary(Message("language"), LANGUAGES),
        courtesies=Vocabulary(Message("courtesy class"), {str(one): (str(one),) for one in Courtesy}),
        forms=Vocabulary(Message("form of letter"), {str(one): (str(one),) for one in CommunicationForm}),
    )


def _terms(session: Session, kind: TermKind) -> dict[str, tuple[str, ...]]:
    return {term.code: (term.label, term.label_ur) for term in terms(session, kind)}


def _key(text: str) -> str:
    return normalise(text.replace("_", " "))
