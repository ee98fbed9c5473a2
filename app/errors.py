"""What a use case may raise; `web/errors.py` turns each into an answer."""

from dataclasses import dataclass


class Refusal(Exception):
    """A use case refuses; its message is a sentence for the person who asked."""

    sentence = "That did not work."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class NotSignedIn(Refusal):
    """Nobody is signed in, or no longer."""

    sentence = "Please sign in."


class NotFound(Refusal):
    """Not there, or not yours: the same answer."""

    sentence = "There is nothing here, or it is not yours to see."


class NotAllowed(Refusal):
    """Your role does not do this."""

    sentence = "Your sign-in does not open this. If it should, ask your studio."


@dataclass(frozen=True)
class Missing:
    """One thing that is still missing before a use case can go ahead."""

    id: str
    text: str


class Conflict(Refusal):
    """It no longer fits what is stored; `missing` says what would have to come first."""

    sentence = "Somebody else changed this in the meantime."

    def __init__(self, sentence: str | None = None, missing: tuple[Missing, ...] = ()) -> None:
        super().__init__(sentence)
        self.missing = missing


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field, in words that say what to do."""

    field: str
    message: str


class Invalid(Refusal):
    """The values do not make sense; one message for each field."""

    sentence = "Some fields need another look."

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class StaleVersion(Conflict):
    """The version that was edited is no longer the newest one."""


class Busy(Refusal):
    """The database is at something longer; the same request a few seconds later goes through."""

    sentence = "Something large is being stored just now, so nothing of this was. Try again in a few seconds."
