"""The words that tell the two Koreans apart, read from data.

    initials.txt    what the North writes with ㄹ or ㄴ at the beginning (두음법칙)
    spelling.txt    other words that are spelled in two ways
    words.tsv       southern words and loanwords
    northern.txt    northern words that no southern text has
    compounds.txt   southern nouns, and northern spellings that stand behind them
    holding.txt     southern words that hold a northern spelling
    i18n/glossary.csv  the project's glossary: its marks S, ROK, BAN and FF

What always holds: a word that both Koreans write isn't here. Where one stands in the glossary and
the laws of the North use it all the same, neutral.txt leaves it out; meeting.txt leaves out
northern spellings that are other words in the South.

Inside a southern word ㄹ is common (종류별, 처리용), so northern spellings of two syllables aren't
looked for there. Behind a whole noun they are: 강제로동, 가스루출. compounds.txt has both parts,
and every pair of them is a word. What is longer is looked for everywhere but in the words of
holding.txt.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from bojagi.authoring.files import PROGRAM_ROOTS
from bojagi.domain.hangul.initial_sounds import southern_initial

GLOSSARY: Final = "i18n/glossary.csv"
_PLACE: Final = Path(__file__).parent
_NONE: Final = "(쓰지 않음)"
_SHORT: Final = 2


class Kind(StrEnum):
    """What gives a form away."""

    SPELLING = "spelling"
    WORD = "word"
    INSTITUTION = "institution"
    BANNED = "banned"
    FALSE_FRIEND = "false friend"
    SPACING = "spacing"
    MARKS = "marks"
    ENDING = "ending"
    SHORT_FORM = "short form"


@dataclass(frozen=True)
class Word:
    """A word of one Korean.

    Attributes:
        form: as it is written there.
        instead: what the other Korean says; several are parted by commas, a description stands in
            brackets.
        is_inside: whether it is looked for inside longer words too.
        is_alone: whether only particles may follow.
    """

    form: str
    instead: str
    kind: Kind
    is_inside: bool = False
    is_alone: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether both write it so, and it only hides what stands inside it."""
        return self.form == self.instead

    @property
    def is_sure(self) -> bool:
        """Whether one word can stand for it as it is."""
        return "," not in self.instead and "(" not in self.instead


@cache
def southern_words() -> Mapping[str, Word]:
    """Return the words that give a southern text away, by their form without spaces."""
    found: dict[str, Word] = {}
    for word in (*_initials(), *_spellings(), *_listed(), *_of_glossary()):
        found.setdefault(word.form, word)
    return found


@cache
def northern_words() -> Mapping[str, Word]:
    """Return the words that give a northern text away: spelling, and words the South lacks."""
    found: dict[str, Word] = dict(_holding())
    wanted, inside = _northern()
    for word in (*_of_glossary(with_neutral=True), *_listed()):
        for form in word.instead.split(", "):
            if southern_initial(form) == word.form:
                continue  # a spelling, and said by that below
            if form in wanted or (_begins_northern(form) and not _meets_southern(form)):
                found.setdefault(form, Word(form, word.form, Kind.WORD, form in inside))
    for form, south in wanted.items():
        if south:
            found.setdefault(form, Word(form, south, Kind.WORD, form in inside))
    for word in (*_initials(), *_spellings()):
        if not _meets_southern(word.instead):
            is_inside = word.is_inside and len(word.instead) > _SHORT
            mirrored = Word(word.instead, word.form, word.kind, is_inside)
            found.setdefault(word.instead, mirrored)
    for word in _compounds():
        found.setdefault(word.form, word)
    return found


def _northern() -> tuple[Mapping[str, str], frozenset[str]]:
    """Return the words of northern.txt with what the South says, and those looked for inside."""
    entries = [entry.partition("=") for entry in _entries("northern.txt")]
    wanted = {north.removeprefix("*"): south for north, _, south in entries}
    return wanted, frozenset(north[1:] for north, _, _ in entries if north.startswith("*"))


def _holding() -> Iterator[tuple[str, Word]]:
    for form in _entries("holding.txt"):
        yield form, Word(form, form, Kind.SPELLING, is_inside=True)


def _compounds() -> Iterator[Word]:
    nouns = [entry.removesuffix("+") for entry in _entries("compounds.txt") if entry[-1] == "+"]
    ends = [entry for entry in _entries("compounds.txt") if entry[-1] != "+"]
    for noun in nouns:
        for north in ends:
            yield Word(noun + north, noun + southern_initial(north), Kind.SPELLING)


def _initials() -> Iterator[Word]:
    for entry in _entries("initials.txt"):
        north = entry.removeprefix("*")
        south = southern_initial(north)
        yield Word(south, north, Kind.SPELLING, is_inside=entry.startswith("*"))


def _spellings() -> Iterator[Word]:
    for entry in _entries("spelling.txt"):
        south, _, north = entry.removeprefix("*").partition("=")
        yield Word(south, north, Kind.SPELLING, is_inside=entry.startswith("*"))


def _listed() -> Iterator[Word]:
    for line in _lines("words.tsv"):
        south, north, kind = line.split("\t")
        form = south.removeprefix("*").removesuffix("|")
        yield Word(form, north, Kind(kind), south.startswith("*"), south.endswith("|"))


def _of_glossary(*, with_neutral: bool = False) -> Iterator[Word]:
    marks = {
        "S": Kind.WORD,
        "?": Kind.WORD,
        "ROK": Kind.INSTITUTION,
        "BAN": Kind.BANNED,
        "BAN*": Kind.BANNED,
        "FF": Kind.FALSE_FRIEND,
    }
    for row in glossary():
        kind = marks.get(row["mark"])
        north = row["ko_KP"].split(", ")
        if kind is None:
            continue
        for south in (each.strip() for each in row["ko_KR"].split(",")):
            plain = south.replace(" ", "")
            if plain in {each.replace(" ", "") for each in north} or not _is_hangul(plain):
                continue
            if with_neutral or plain not in _set("neutral.txt"):
                instead = row["ko_KP"] if kind is not Kind.BANNED else _NONE
                is_alone = len(plain) == 1
                yield Word(plain, instead, kind, is_alone=is_alone)


@cache
def glossary() -> tuple[dict[str, str], ...]:
    """Return the rows of the project's glossary; none where it isn't installed."""
    for root in PROGRAM_ROOTS:
        if (root / GLOSSARY).is_file():
            with (root / GLOSSARY).open(encoding="utf-8", newline="") as file:
                return tuple(csv.DictReader(file))
    return ()


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_entries(name))


def _entries(name: str) -> Iterator[str]:
    for line in _lines(name):
        yield from line.split()


def _lines(name: str) -> Iterator[str]:
    for line in (_PLACE / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _is_hangul(text: str) -> bool:
    return bool(text) and all("가" <= char <= "힣" for char in text)


def _begins_northern(form: str) -> bool:
    return _is_hangul(form) and southern_initial(form) != form


def _meets_southern(form: str) -> bool:
    """Whether a northern spelling is another word in the South."""
    return form in _set("meeting.txt") or not _is_hangul(form)
