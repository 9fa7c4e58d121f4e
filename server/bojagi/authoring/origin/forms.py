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
_LONGEST: Final = 12
_ALONE: Final = re.compile(JOSA)
_SHORTEST_INSIDE: Final = 2


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
    words, shapes = _knowledge(locale)
    found = [*_words_in(text, words), *_shapes_in(text, shapes)]
    found.sort(key=lambda form: (form.start - form.end, form.start))
    taken = bytearray(len(text))
    kept: list[Form] = []
    for form in found:
        if not any(taken[form.start : form.end]):
            taken[form.start : form.end] = b"\1" * (form.end - form.start)
            kept.append(form)
    return sorted(kept, key=lambda form: form.start)


@cache
def _knowledge(locale: LocaleCode) -> tuple[Mapping[str, Word], tuple[Shape, ...]]:
    if locale == KO_KP:
        return southern_words(), SOUTHERN
    return northern_words(), NORTHERN


def _words_in(text: str, words: Mapping[str, Word]) -> Iterator[Form]:
    """Yield the words that stand in a text, the longest at each place."""
    for run in _RUN.finditer(text):
        letters, start = run[0], 0
        if letters[0] == "년" and text[run.start() - 1 : run.start()].isdigit():
            start = 1  # 1600년대: the South writes it so behind a number
        while start < len(letters):
            word = _word_at(letters, start, words)
            if word is None:
                start += 1
                continue
            begin = run.start() + start
            end = begin + len(word.form)
            yield Form(begin, end, word.kind, word.instead, word.is_sure)
            start += len(word.form)


def _word_at(letters: str, start: int, words: Mapping[str, Word]) -> Word | None:
    for length in range(min(_LONGEST, len(letters) - start), 0, -1):
        word = words.get(letters[start : start + length])
        if word is None or (start and not (word.is_inside and length >= _SHORTEST_INSIDE)):
            continue
        if word.is_alone and not _ALONE.match(letters, start + length):
            continue
        return word
    return None


def _shapes_in(text: str, shapes: tuple[Shape, ...]) -> Iterator[Form]:
    for shape in shapes:
        for start, end, instead in shape.find(text):
            yield Form(start, end, shape.kind, instead, shape.is_sure)
