"""What a rule is, what it looks at and what it answers.

Two shapes of check, and a few over the whole library:

- over a stretch: words in one locale. A `TextCheck` is given the words twice, as their author
  wrote them and as a reader sees them, and answers with `Hit`s; a `StretchCheck` is given the
  stretch once and answers with `Finding`s.
- over a pack's folder: a `FolderCheck` answers with `Finding`s.
- over the library: a `LibraryCheck`, the same.

Example: in the passage `0**10**-0000-0000` the reader sees `010-0000-0000`; a check that reads
only the file would not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from bojagi.domain.exposure import Audience
from bojagi.domain.finding import Finding, Place, Severity

if TYPE_CHECKING:
    from bojagi.authoring.checks.folding import Folded
    from bojagi.authoring.library import Library
    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.domain.identifiers import LocaleCode
    from bojagi.domain.pack import Article, Pack

SHOWS_SOURCES = frozenset({Audience.SETTLED, Audience.STAFF})
"""Audiences whose editions carry sources and may carry public telephone numbers."""


@dataclass(frozen=True)
class Rule:
    """One rule of the checks.

    Attributes:
        id: how findings, documents and translators name it.
        words: what was found, an English sentence (a msgid) with `{found}` and other values.
        to_do: what to do about it, an English sentence (a msgid).
        blind_spot: what the rule can't see, an English sentence (a msgid).
        demo_allows: a block for a real release that a demo may pass, saying so.
        needs_waiver: a warning that stops a real release until a second person lets it stand.
        example: what it speaks of, in one line; for people, never matched.
    """

    id: str
    severity: Severity
    words: str
    to_do: str
    blind_spot: str
    demo_allows: bool = False
    needs_waiver: bool = False
    example: str = ""

    def at(self, place: Place, found: str = "", **values: str) -> Finding:
        """Make a finding of this rule."""
        return Finding(
            self.id,
            self.severity,
            place,
            found,
            values,
            self.demo_allows,
            needs_waiver=self.needs_waiver,
        )


class StretchKind(StrEnum):
    """What a stretch is on the page."""

    TITLE = "title"
    PASSAGE = "passage"
    CARD = "card"
    CARD_LINE = "card line"
    FACT = "fact"
    SOURCE = "source"
    HOTLINE = "hotline"


@dataclass(frozen=True)
class Stretch:
    """Words that a reader, or another person, would see in one locale.

    Attributes:
        raw: as their author wrote them, in lines.
        plain: markup, entities and escapes resolved, facts filled in; as many lines.
        searched: the raw words as checks search them, blank where a placeholder stands or where
            the address of a link or picture does (rules of their own judge those). Same length.
        lines: where each line of `raw` begins; the last one stands for all that follow.
        links: the addresses the words link to.
        pack, article: whose words these are; None for hotlines and for the pack's own title.
    """

    kind: StretchKind
    locale: LocaleCode
    raw: str
    plain: str
    searched: str
    lines: tuple[Place, ...]
    pack: Pack | None = None
    article: Article | None = None
    links: tuple[str, ...] = ()

    @property
    def shows_sources(self) -> bool:
        """Whether its readers may see sources and public numbers."""
        return self.pack is None or self.pack.audience in SHOWS_SOURCES

    def place(self, offset: int, *, is_plain: bool = False) -> Place:
        """Return where a character stands; the plain form knows its line only."""
        text = self.plain if is_plain else self.raw
        index = text.count("\n", 0, offset)
        line = self.lines[min(index, len(self.lines) - 1)]
        if is_plain:
            return Place(line.file, line.line)
        if not line.column or index >= len(self.lines):
            return line
        return Place(line.file, line.line, line.column + offset - (text.rfind("\n", 0, offset) + 1))


@dataclass(frozen=True)
class Hit:
    """Something a text check found, as offsets in the text it was given.

    Attributes:
        found: what to show instead of the text between the offsets, when that can't be seen.
    """

    rule: Rule
    start: int
    end: int
    found: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What checks know besides the pack.

    Attributes:
        today: the day on which the check is made; an argument, never the clock.
    """

    library: Library
    today: date

    @cached_property
    def public_numbers(self) -> re.Pattern[str]:
        """Find a number of `hotlines.yaml` in a text, however its digits are grouped."""
        numbers = [
            [char for char in hotline.number if char.isdecimal()]
            for hotline in self.library.hotlines.values()
        ]
        choices = "|".join(r"[\s.-]{0,2}".join(digits) for digits in numbers)
        return re.compile(rf"(?<!\d)(?<!\d[-.])(?:{choices})(?!\d|[-.]\d)" if choices else "(?!)")


TextCheck = Callable[["Folded", Stretch, Surroundings], Iterable[Hit]]
StretchCheck = Callable[[Stretch, Surroundings], Iterable[Finding]]
FolderCheck = Callable[["PackFolder", Surroundings], Iterable[Finding]]
LibraryCheck = Callable[["Library", date], Iterable[Finding]]
