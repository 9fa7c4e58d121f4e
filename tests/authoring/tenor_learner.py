"""Learns how careful and harmful sentences sound.

    python -m tests.authoring.tenor_learner

writes `tenors/<language>.tsv`; a test holds them to it. What is learned from are the examples of
the patterns and the half of the corpus that was looked at. Several sentences don't say which of
them is the harm, so of harm only single ones are learned from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import log
from typing import Final

from tests.authoring.phrase_corpus import INSTRUCTIONS, clean_paragraphs, rules, sentences

from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.phrase_book import phrases_of
from bojagi.authoring.checks.sentences import Sentences
from bojagi.authoring.checks.tenor import OF_WORDS, Tenor, path_of, pieces, written
from bojagi.domain.identifiers import LocaleCode

LANGUAGES: Final = {"ko": ("ko_KP", "ko_KR"), "en": ("en",), "ru": ("ru",), "zh_Hans": ("zh_Hans",)}
LOST: Final = 0.01
"""The share of harm that may sound careful, of sentences that weren't learned from."""
_RULES: Final = tuple(rule for rule in rules() if rule not in OF_WORDS)
_PARTS: Final = 10
_UNSEEN: Final = 0.5
"""Added to every count, so that what was never met isn't taken for impossible."""
_LEAST_MET: Final = 3
_LEAST_WEIGHT: Final = 5
"""Pieces met more seldom, or of less weight, are left out."""


@dataclass(frozen=True)
class Lesson:
    """A sentence to learn from.

    Attributes:
        part: of the lessons, by the text that it stands in, from 0.
    """

    pieces: frozenset[str]
    is_harm: bool
    part: int


def lessons(language: str) -> list[Lesson]:
    """Return what there is to learn from in a language."""
    return [
        Lesson(frozenset(pieces(words, language)), is_harm, _part(text))
        for text, is_harm in (*_lines(language), *_examples(language))
        for words in sentences_to_learn(text, is_harm=is_harm)
    ]


def _lines(language: str) -> Iterator[tuple[str, bool]]:
    """Yield what was looked at of the corpus, and whether it is harm."""
    harm_or_near = (each for rule in _RULES for each in sentences(rule))
    for line in (*harm_or_near, *clean_paragraphs(), *clean_paragraphs(INSTRUCTIONS)):
        if line.is_seen and line.locale in LANGUAGES[language]:
            yield line.words, line.is_harm


def _examples(language: str) -> Iterator[tuple[str, bool]]:
    """Yield what patterns speak of, and are silent on."""
    locale = LocaleCode(LANGUAGES[language][0])
    for phrases in (phrases_of(rule, locale) for rule in _RULES):
        for pattern in phrases.patterns if phrases else ():
            yield from ((words, True) for words in pattern.speaks)
            yield from ((words, False) for words in pattern.silent)


def sentences_to_learn(text: str, *, is_harm: bool) -> list[str]:
    """Return the sentences of a text, folded, of which is known whether they are harm."""
    parts = [each for each in Sentences(fold(text).text) if each.strip()]
    return parts if len(parts) == 1 or not is_harm else []


def _part(text: str) -> int:
    return sha256(text.encode()).digest()[0] % _PARTS


def learned(some: Iterable[Lesson]) -> dict[str, int]:
    """Return the weights of pieces."""
    harms, all_pieces = [0, 0], (Counter[str](), Counter[str]())
    for lesson in some:
        harms[lesson.is_harm] += 1
        all_pieces[lesson.is_harm].update(lesson.pieces)
    careful, harmful = all_pieces

    def weight(piece: str) -> int:
        shares = (
            (counts[piece] + _UNSEEN) / (number + 2 * _UNSEEN)
            for counts, number in zip(all_pieces, harms, strict=True)
        )
        in_careful, in_harmful = shares
        return round(10 * log(in_harmful / in_careful))

    weights = {
        piece: weight(piece)
        for piece in careful.keys() | harmful.keys()
        if careful[piece] + harmful[piece] >= _LEAST_MET
    }
    return {piece: each for piece, each in weights.items() if abs(each) >= _LEAST_WEIGHT}


def learn(language: str) -> Tenor:
    """Learn from all lessons; of each part, harm weighed by the rest of them tells the least.

    It is never above nothing: of a sentence of which nothing is known nobody can say that it sounds
    careful.
    """
    all_lessons = lessons(language)
    weighed = sorted(_weights_of_harm(all_lessons))
    return Tenor(language, learned(all_lessons), min(weighed[int(len(weighed) * LOST)], 0))


def _weights_of_harm(all_lessons: list[Lesson]) -> Iterator[int]:
    for part in range(_PARTS):
        weights = learned(each for each in all_lessons if each.part != part)
        for lesson in all_lessons:
            if lesson.part == part and lesson.is_harm:
                yield sum(weights.get(piece, 0) for piece in lesson.pieces)


if __name__ == "__main__":
    for language in LANGUAGES:
        path_of(language).write_text(written(learn(language)), "utf-8")
