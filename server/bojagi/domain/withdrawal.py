"""Why an edition was called back. The codes travel in signed metadata, so they are only digits."""

from __future__ import annotations

from enum import StrEnum

from bojagi.errors import InvalidValueError


class WithdrawalReason(StrEnum):
    """The reason of a withdrawal; its value is the code that is signed."""

    MISTAKE = "1"
    """Something in it is wrong."""
    DANGER = "2"
    """Having it, or following it, turned out to be dangerous."""
    OUTDATED = "3"
    """What it says no longer holds."""
    FORGED = "4"
    """It was signed with a stolen key: it isn't ours."""

    @classmethod
    def from_name(cls, name: str) -> WithdrawalReason:
        """Read a reason's name as people type it.

        Raises:
            InvalidValueError: for a name that is none.
        """
        for reason in cls:
            if reason.name.lower() == name:
                return reason
        names = ", ".join(reason.name.lower() for reason in cls)
        raise InvalidValueError("reason", name, names)

    @classmethod
    def from_code(cls, code: str) -> WithdrawalReason | None:
        """Return the reason of a code; None for one that a newer program may know."""
        return next((reason for reason in cls if reason.value == code), None)
