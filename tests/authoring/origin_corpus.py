"""Pairs of sentences in the two Koreans, and how well their differences are found.

`tests/corpus/origin/*.txt`: one marked sentence a line, `{노동=로동/s}자는`; its left sides make
the southern sentence, its right sides the northern one, the letter says what differs. The seed of
the phrases parts the lines into halves as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from tests.authoring.phrase_corpus import CORPUS, is_seen

from bojagi.authoring.origin.forms import Form, forms_foreign_to
from bojagi.authoring.origin.words import glossary
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR

DIRECTIONS: Final = (KO_KP, KO_KR)
MARK: Final = re.compile(r"\{([^{}=]*)=([^{}/]*)/([a-z])\}")
KINDS: Final = {
    "s": "spelling",
    "g": "words of the glossary",
    "v": "words beyond it",
    "f": "false friends",
    "p": "spacing and marks",
    "e": "endings and address",
    "c": "countries and people",
}
AIMED_AT: Final = ("spelling", "words of the glossary")


@dataclass(frozen=True)
class Place:
    """A place in which the two sentences of a pair differ."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Side:
    """One sentence of a pair, with the places in which it differs from the other."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Pair:
    """A sentence in both Koreans."""

    south: Side
    north: Side
    is_seen: bool


@dataclass
class Count:
    """How many there are, and how many were found."""

    all: int = 0
    found: int = 0


@dataclass
class Counts:
    """What was found in sentences of the wrong Korean, and in those of the right one.

    Attributes:
        by_kind: of the places in which they differ.
        right: how much of what was found is such a place; `wrong`: how much isn't, in either.
    """

    by_kind: dict[str, Count] = field(
        default_factory=lambda: {kind: Count() for kind in KINDS.values()}
    )
    right: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / (self.right + self.wrong)


@cache
def pairs() -> tuple[Pair, ...]:
    """Read every pair."""
    return tuple(
        Pair(_side(line, 1), _side(line, 2), is_seen(line))
        for path in sorted((CORPUS / "origin").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )


def measured(locale: LocaleCode, *, is_seen: bool) -> Counts:
    """Count what is found when the other Korean stands where a locale should be."""
    counts = Counts()
    for pair in pairs():
        if pair.is_seen is not is_seen:
            continue
        wrong, right = (pair.south, pair.north) if locale == KO_KP else (pair.north, pair.south)
        forms = forms_foreign_to(locale, wrong.text)
        for place in wrong.places:
            count = counts.by_kind[place.kind]
            count.all += 1
            count.found += any(_meet(form, place) for form in forms)
        good = sum(any(_meet(form, place) for place in wrong.places) for form in forms)
        counts.right += good
        counts.wrong += len(forms) - good + len(forms_foreign_to(locale, right.text))
    return counts


def _meet(form: Form, place: Place) -> bool:
    return form.start < place.end and place.start < form.end


def _side(line: str, side: int) -> Side:
    parts: list[str] = []
    places: list[Place] = []
    at = length = 0
    for mark in MARK.finditer(line):
        before = line[at : mark.start()]
        start = length + len(before)
        parts += [before, mark[side]]
        length = start + len(mark[side])
        places.append(Place(start, length, _kind(mark)))
        at = mark.end()
    return Side("".join([*parts, line[at:]]), tuple(places))


def _kind(mark: re.Match[str]) -> str:
    """Say what differs; a word is of the glossary when the glossary has it in a differing row."""
    in_glossary = any(form in mark[1].replace(" ", "") for form in _southern_in_glossary())
    return KINDS["v" if mark[3] == "g" and not in_glossary else mark[3]]


@cache
def _southern_in_glossary() -> frozenset[str]:
    return frozenset(_forms())


def _forms() -> Iterator[str]:
    for row in glossary():
        if row["mark"] in {"S", "ROK", "BAN", "BAN*"}:
            forms = {each.strip().replace(" ", "") for each in row["ko_KR"].split(",")}
            north = {each.strip().replace(" ", "") for each in row["ko_KP"].split(",")}
            yield from (each for each in forms - north if len(each) > 1 and each[0] not in "-(")
