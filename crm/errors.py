"""The three ways a room says no. The message is a sentence fit for the person who asked; the web door translates it."""

from crm.i18n import Message


class Refusal(Exception):
    """Something a person may be told. Carries a `Message`, never bare text."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotFound(Refusal):
    """There is no such record, or none that this person may know of (404)."""


class NotAllowed(Refusal):
    """This person may not do that (403)."""


class RuleBroken(Refusal):
    """The record's state or a rule of the house forbids it (409)."""
