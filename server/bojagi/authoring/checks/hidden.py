"""What isn't what it looks like: invisible characters, look-alike letters, borrowed marks.

Sources: Unicode 17, Default_Ignorable_Code_Point; Unicode Technical Standard 39 (mixed scripts);
for ≪ ≫, `reference/ko_kp_language.md` §5.1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bojagi.authoring.checks.folding import Folded, is_invisible
from bojagi.authoring.checks.rule import Hit, Rule, Stretch, Surroundings
from bojagi.domain.finding import Severity

INVISIBLE_CHARACTER: Final = Rule(
    "invisible-character",
    Severity.BLOCK,
    "A character nobody can see: {found}",
    "Delete it, and type the word anew when unsure. Such characters can mark one copy, or hide or "
    "turn round what is written.",
    "Marks made of ordinary spaces, or of the choice of words.",
    example="로동\u200b자",
)
LOOK_ALIKE: Final = Rule(
    "look-alike",
    Severity.BLOCK,
    "A letter that looks like another: {found}",
    "Type the word anew on one keyboard. Such letters hide words from a search and can mark one "
    "copy.",
    "A whole word written in letters of another script, and the letters l, I and 1.",
    example="НAЗВАНИЕ (the A is Latin)",
)
MATH_QUOTES: Final = Rule(
    "math-quotes",
    Severity.WARN,
    "Signs of mathematics used as quotation marks: {found}",
    "Write 《 and 》 instead.",
    "One sign without its pair.",
    example="≪쉬는 날≫",
)
RULES: Final = (INVISIBLE_CHARACTER, LOOK_ALIKE, MATH_QUOTES)

_LETTER_RUN: Final = re.compile(
    r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f\u1d00-\u1dbf\u1e00-\u1fff]{2,}"
)
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER: Final = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_GREEK: Final = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_UNIT: Final = re.compile(r"[µμ](?:g|m|l|L|s|A|V|W|F|M|mol|Sv)|[kMGm]?[ΩΩ]m?|[Δδ][A-Za-z]")
"""Micrograms, kilo-ohms, a difference of something: Greek letters at their work."""
_SMALL_CAPITALS: Final = re.compile(r"[\u0250-\u02af\u1d00-\u1d7f\ua720-\ua7ff\u13a0-\u13ff]+")
_FULL_WIDTH: Final = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
_FANCY: Final = re.compile("[\U0001d400-\U0001d7ff\U0001fbf0-\U0001fbf9\U0001f130-\U0001f189]+")
_OLD_HAN: Final = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_LOOSE_JAMO: Final = re.compile(
    r"[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uffa1-\uffdc]+"  # parts of syllables on their own
    r"|[ㄱ-ㅎ][ㅏ-ㅣ][ㄱ-ㅎㅏ-ㅣ]*"  # a syllable taken apart: ㅎㅏㄴ
    r"|(?<=[A-Za-z\d])[ㄱ-ㅣ]{1,20}(?=[A-Za-z\d])"  # ㅡ or ㅣ between digits
    r"|(?<=\d)[ㄱ-ㅣ]{1,20}(?=\s?\d)|[ㅇㅣㅡ]{1,20}(?=\d)|(?<=\d)[ㅇㅣㅡ]+"
)
_MATH_QUOTES: Final = re.compile(r"≪\s?[^\s≪≫\d][^≪≫\n]{0,60}≫|≪[^≪≫\n]{0,60}[^\s≪≫\d]\s?≫")


def find_invisible(text: Folded, _stretch: Stretch, _surroundings: Surroundings) -> Iterator[Hit]:
    """Find characters nobody can see, one hit for each run."""
    start = None
    for index, char in enumerate(f"{text.original}\n"):
        if is_invisible(char):
            start = index if start is None else start
        elif start is not None:
            run = text.original[start:index]
            yield Hit(INVISIBLE_CHARACTER, start, index, ", ".join(map(_name, run[:4])))
            start = None


def find_look_alikes(text: Folded, stretch: Stretch, _surroundings: Surroundings) -> Iterator[Hit]:
    """Find letters of one script inside words of another, and letters in disguise."""
    original = text.original
    if original.isascii():
        return
    for match in _LETTER_RUN.finditer(original):
        if _is_mixed(match[0]):
            yield Hit(LOOK_ALIKE, *match.span())
    patterns = [_SMALL_CAPITALS, _FANCY, _OLD_HAN, _LOOSE_JAMO]
    if not stretch.locale.startswith("zh"):
        patterns.append(_FULL_WIDTH)
    for pattern in patterns:
        for match in pattern.finditer(original):
            yield Hit(LOOK_ALIKE, *match.span())


def find_math_quotes(text: Folded, _stretch: Stretch, _surroundings: Surroundings) -> Iterator[Hit]:
    """Find ≪ ≫ around words."""
    for match in _MATH_QUOTES.finditer(text.original):
        yield Hit(MATH_QUOTES, *match.span())


def _is_mixed(word: str) -> bool:
    if not _OTHER.search(word):
        return False
    has_latin = bool(_LATIN.search(word))
    has_greek = bool(_GREEK.search(word))
    if has_greek and _CYRILLIC.search(word):
        return True
    return has_latin and not _UNIT.fullmatch(word)


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()


TEXT_CHECKS: Final = (find_invisible, find_look_alikes, find_math_quotes)
