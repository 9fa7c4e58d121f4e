"""What a check says of one place, and where that place is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bojagi.errors import InvalidValueError


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCK = "block"
    """Nothing is released until it is mended; it can't be waived."""
    WARN = "warn"
    """Mended, or waived by a second person with a reason."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in the content folders.

    Attributes:
        file: path below the project's folder, with `/`.
        line: counted from 1; 0 when the whole file is meant.
        column: counted from 1 in characters; 0 when the whole line is meant.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Write it as compilers do, so that editors can jump there."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


@dataclass(frozen=True)
class Finding:
    """One finding of one rule.

    Attributes:
        rule: id of the rule.
        place: where.
        found: the words or the thing that was found; goes into the rule's sentence.
        values: further values for the rule's sentence.
        demo_allows: a block for a real release that a demo may pass, saying so.
        needs_waiver: a warning that stops a real release until a second person lets it stand.
    """

    rule: str
    severity: Severity
    place: Place
    found: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    demo_allows: bool = False
    needs_waiver: bool = False

    def __post_init__(self) -> None:
        """Refuse a finding nobody could look up."""
        if not self.rule or not self.place.file:
            raise InvalidValueError("finding", self.rule, "a rule and a file")

    def blocks(self, *, demo: bool) -> bool:
        """Whether it stops a release, or a demo."""
        if self.severity is Severity.WARN:
            return self.needs_waiver and not demo
        return self.severity is Severity.BLOCK and not (demo and self.demo_allows)
