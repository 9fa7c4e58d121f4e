"""Finding what gives away that a text is in the other Korean.

What always holds: forms don't overlap; where two meet, the longer one stands, and words stand
before shapes of the same length. Text comes composed (NFC).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bojagi.authoring.origin.shapes import JOSA, NORTHERN, SOUTHERN, Shape
from bojagi.authoring.origin.words import Kind, Word, northern_words, southern_words
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR

_RUN: Final = re.compile("[가-힣]+")
_ALONE: Final = re.compile(JOSA)
_SHORTEST_INSIDE: Final = 2
_COUNTED_YEARS: Final = frozenset(f"년{each}" for each in "간대도차생내분말초월")
_NUMBER_BEFORE: Final = re.compile("[0-9] ?$|[몇수여일이삼사오육칠팔구십백천만억] ?$")


@dataclass(frozen=True)
class Form:
    """A form of the other Korean.

    Attributes:
        start, end: where it stands.
        instead: what this Korean says; empty where nothing does.
        is_sure: whether that can be put there without looking.
    """

    start: int
    end: int
    kind: Kind
    instead: str
    is_sure: bool


def forms_foreign_to(locale: LocaleCode, text: str) -> list[Form]:
    """Return the forms of the other Korean in a text, in order.

    Args:
        locale: the Korean it should be in, `ko_KP` or `ko_KR`; others have no forms.
        text: composed, as a reader sees it.
    """
    if locale not in {KO_KP, KO_KR}:
        return []
    words, lengths, shapes = _knowledge(locale)
    found = [*_words_in(text, words, lengths), *_shapes_in(text, shapes)]
    found.sort(key=lambda form: (form.start - form.end, form.start))
    taken = bytearray(len(text))
    kept: list[Form] = []
    for form in found:
        if not any(taken[form.start : form.end]):
            taken[form.start : form.end] = b"\1" * (form.end - form.start)
            kept.append(form)
    return sorted(kept, key=lambda form: form.start)


Lengths = Mapping[str, tuple[int, ...]]
"""How long the words are that begin with a syllable, the longest first."""


@cache
def _knowledge(locale: LocaleCode) -> tuple[Mapping[str, Word], Lengths, tuple[Shape, ...]]:
    words, shapes = (
        (southern_words(), SOUTHERN) if locale == KO_KP else (northern_words(), NORTHERN)
    )
    lengths: dict[str, set[int]] = {}
    for form in words:
        lengths.setdefault(form[0], set()).add(len(form))
    ordered = {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()}
    return words, ordered, shapes


def _words_in(text: str, words: Mapping[str, Word], lengths: Lengths) -> Iterator[Form]:
    """Yield the words that stand in a text, the longest at each place."""
    for run in _RUN.finditer(text):
        letters, start = run[0], 0
        if letters[:2] in _COUNTED_YEARS and _NUMBER_BEFORE.search(
            text[max(0, run.start() - 2) : run.start()]
        ):
            start = 1  # 1600년대, 몇 년간: the South writes it so behind a number
        while start < len(letters):
            word = _word_at(letters, start, words, lengths.get(letters[start], ()))
            if word is None:
                start += 1
                continue
            begin = run.start() + start
            end = begin + len(word.form)
            if not word.is_shared:
                yield Form(begin, end, word.kind, word.instead, word.is_sure)
            start += len(word.form)


def _word_at(
    letters: str, start: int, words: Mapping[str, Word], lengths: tuple[int, ...]
) -> Word | None:
    for length in lengths:
        form = letters[start : start + length]
        word = words.get(form)
        if word is None or len(form) < length:
            continue
        if start and not (word.is_inside and length >= _SHORTEST_INSIDE):
            continue
        if word.is_alone and not _ALONE.match(letters, start + length):
            continue
        return word
    return None


def _shapes_in(text: str, shapes: tuple[Shape, ...]) -> Iterator[Form]:
    for shape in shapes:
        for start, end, instead in shape.find(text):
            yield Form(start, end, shape.kind, instead, shape.is_sure)
