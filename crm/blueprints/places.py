"""The short names of provinces and territories, for the heads of narrow columns."""

from crm.i18n import Message

SHORT = {
    "KP": Message("KP"),
    "Balochistan": Message("Baloch."),
    "ICT": Message("ICT"),
    "GB": Message("GB"),
    "AJK": Message("AJK"),
    "International": Message("Int’l"),
}
"""Those whose own name is too long; the others stand as they are."""
