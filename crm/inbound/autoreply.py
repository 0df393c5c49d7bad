"""What an automatic reply tells us about a person: when they return, and whom they name instead. Suggestions only."""

import re
from dataclasses import dataclass
from datetime import date

from crm.documents.dates import dates_in
from crm.inbound.addresses import ANYWHERE

_RETURN = re.compile(
    r"\b(?:until|till|through|return(?:ing|s)?|back|resum\w+|rejoin\w*|up ?to|zurück|bis|wieder|retour|jusqu\S*|"
    r"de regreso|hasta|"
    r"wapas|tak)\b|واپس|تک",
    re.I,
)
_INSTEAD = re.compile(
    r"\b(?:contact|reach|write to|e-?mail|refer|direct|urgent|emergency|assistance|colleague|wenden|vertret\w+|"
    r"contacter|"
    r"adress\w+|dringend|rabta|no longer (?:with|at|work)|replaced by|successor)\b|رابطہ|فوری",
    re.I,
)
_LEFT = re.compile(
    r"\b(?:no longer (?:with|at|work\w*|employed|part of|in this)|has left|have left|retired|"
    r"transferred|relieved|"
    r"posted out|ne travaille plus|nicht mehr (?:bei|im|für))\b|تبادلہ|ریٹائر|سبکدوش",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[!?۔])\s+|\.\s+|\n\s*\n|\n(?=[A-Z])")


@dataclass(frozen=True)
class AutoReply:
    """A return date, a substitute's address and whether the person has left the post, as far as the text says so."""

    returns_on: date | None = None
    substitute: str = ""
    has_left: bool = False


def read_auto_reply(text: str, sender: str, today: date | None) -> AutoReply:
    """Read an automatic reply's text. `today` is the mail's own date, for dates without a year."""
    text = text[:8000]
    return AutoReply(_return_date(text, today), _substitute(text, sender), bool(_LEFT.search(text)))


def _return_date(text: str, today: date | None) -> date | None:
    found = list(dates_in(text, today))
    for hit in _RETURN.finditer(text):
        near = [when for place, when in found if -30 <= place - hit.start() <= 60]
        if near:
            return max(near)
    return None


def _substitute(text: str, sender: str) -> str:
    for sentence in _SENTENCE.split(text):
        addresses = [str(one).lower().strip(".'") for one in ANYWHERE.findall(sentence)]
        others = [one for one in addresses if one != sender]
        if others and _INSTEAD.search(sentence):
            return others[0]
    return ""
