"""Where a statement comes from: sources, facts that can go stale, public telephone numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bojagi.domain.identifiers import FactId, Jurisdiction
from bojagi.errors import InvalidValueError


@dataclass(frozen=True)
class Source:
    """A document somebody read, or has still to read.

    Attributes:
        title, issuer: as the document names itself.
        address: where it was read; may be empty for print.
        seen_on: the day a person read it, or
        to_check: what a person still has to look up there. Exactly one of the two is given.
    """

    title: str
    issuer: str
    address: str = ""
    seen_on: date | None = None
    to_check: str = ""

    def __post_init__(self) -> None:
        """Refuse a source nobody could find again."""
        if not self.title.strip() or not self.issuer.strip():
            raise InvalidValueError("source", self.title, "a title and an issuer")
        if (self.seen_on is None) == (not self.to_check.strip()):
            raise InvalidValueError(
                "source", self.title, "either seen_on (a day) or to_check (what to look up)"
            )

    @property
    def is_checked(self) -> bool:
        """Whether a person has read it."""
        return self.seen_on is not None


@dataclass(frozen=True)
class Fact:
    """A value that can go stale; text refers to it as `{fact:id}`."""

    id: FactId
    value: int | str
    unit: str
    source: Source
    review_by: date

    def __post_init__(self) -> None:
        """Refuse an empty value and a review that lies before the reading."""
        if isinstance(self.value, str) and not self.value.strip():
            raise InvalidValueError("fact", self.id, "a value")
        seen_on = self.source.seen_on
        if seen_on and self.review_by <= seen_on:
            raise InvalidValueError(
                "review_by", self.review_by.isoformat(), f"a day after {seen_on.isoformat()}"
            )


@dataclass(frozen=True)
class Hotline:
    """A public telephone number; text refers to it as `{hotline:id}`.

    Attributes:
        number: as a person dials it.
        dialled_on: the day somebody last dialled it and reached what it is for; None for never.
    """

    id: FactId
    number: str
    what_for: str
    jurisdiction: Jurisdiction
    source: Source
    dialled_on: date | None

    def __post_init__(self) -> None:
        """Refuse what can't be dialled."""
        digits = self.number.replace("-", "").replace(" ", "").removeprefix("+")
        if not digits.isdecimal() or not digits.isascii():
            raise InvalidValueError("hotline", self.number, "digits, spaces, '-' and a leading '+'")
