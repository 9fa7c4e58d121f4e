"""Tenor: how a sentence sounds as a whole, beside the few words of it that a pattern knows.

A pattern knows that words meet; it doesn't know who speaks to whom. The rest of the sentence says
much of that: its ending, whom it names, what surrounds the words. So what stands in a sentence is
weighed, piece by piece, by how much oftener it stood in sentences written as harm than in careful
ones, and of a sentence that sounds careful enough no pattern speaks (naive Bayes: Manning, Raghavan
and Schütze, *Introduction to Information Retrieval*, 2008, chapter 13). A pattern still says what
was found and why it matters; weights alone find nothing.

`tenors/<language>.tsv` holds a piece and its weight a line, in tenths of a natural logarithm,
and first the least that a sentence has to weigh. `python -m tests.authoring.tenor_learner` makes
them of the patterns' examples and of the sentences of the corpus that were looked at, so that of
harm that wasn't learned from one sentence in a hundred would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

PLACE: Final = Path(__file__).with_name("tenors")
OF_WORDS: Final = frozenset({"personal-name", "slogan", "stale-time", "undated-amount"})
"""Rules of words that hurt in whatever sentence they stand; they don't ask how it sounds."""
_RUNS: Final = {"ko": (2, 3), "zh_Hans": (1, 2)}
"""How many signs a piece has where words aren't parted, or grow long by endings."""
_STEM: Final = 6
_ENDING: Final = 3
"""Letters of the stem and of the ending of a word, elsewhere."""
_WORD: Final = re.compile(r"\w+|[.?!,:;\"]")
_DIGITS: Final = re.compile(r"[0-9]")
_LEAST: Final = "(least)"


@dataclass(frozen=True)
class Tenor:
    """How sentences of a language are weighed.

    Attributes:
        language: as the files of patterns call it; both Koreans are one.
        weights: of pieces, in tenths; above nothing where they sound harmful.
        least: what a sentence weighs at least that doesn't sound careful.
    """

    language: str
    weights: Mapping[str, int]
    least: int

    def weight(self, sentence: str) -> int:
        """Return what a folded sentence weighs."""
        return sum(self.weights.get(each, 0) for each in pieces(sentence, self.language))

    def is_careful(self, sentence: str) -> bool:
        """Whether a folded sentence sounds so careful that no pattern should speak of it."""
        return self.weight(sentence) < self.least


def pieces(sentence: str, language: str) -> set[str]:
    """Return what is weighed of a folded sentence; digits are alike."""
    text = _DIGITS.sub("0", sentence.lower())
    if language in _RUNS:
        least, most = _RUNS[language]
        line = "_".join(["", *text.split(), ""])
        return {
            line[start : start + length]
            for length in range(least, most + 1)
            for start in range(len(line) - length + 1)
        }
    words = _WORD.findall(text)
    stems = [each[:_STEM] for each in words]
    pairs = (f"{one} {two}" for one, two in pairwise(stems))
    endings = (f"-{each[-_ENDING:]}" for each in words if len(each) >= _STEM)
    return {*stems, *pairs, *endings}


def path_of(language: str) -> Path:
    """Return where the weights of a language stand."""
    return PLACE / f"{language}.tsv"


def read_tenor(language: str) -> Tenor:
    """Read the weights of a language; raises `OSError` or `ValueError`: they are the program's."""
    lines = path_of(language).read_text("utf-8").splitlines()
    weights = {piece: int(weight) for piece, weight in (line.split("\t") for line in lines)}
    return Tenor(language, weights, weights.pop(_LEAST))


def written(tenor: Tenor) -> str:
    """Return the lines of a file of weights."""
    lines = [(_LEAST, tenor.least), *sorted(tenor.weights.items())]
    return "".join(f"{piece}\t{weight}\n" for piece, weight in lines)
