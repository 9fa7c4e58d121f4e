"""Syllables and the letters (jamo) they are made of.

A precomposed syllable is arithmetic (The Unicode Standard, section 3.12):

    code point = U+AC00 + (initial * 21 + vowel) * 28 + final

with 19 initials, 21 vowels and 27 finals or none: 11,172 syllables. 한 = (18, 0, 4) = ㅎ ㅏ ㄴ.

Letters here are always compatibility jamo (ㄱ is U+3131), the ones a keyboard types. Text may come
decomposed (macOS file names, some phones): every function that takes text composes it first. NFKC
is never used, because it would turn a typed ㄱ into a conjoining U+1100 and "ㄱㅏ" into 가.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

import regex  # pyproject has no types-regex

from bojagi.errors import InvalidValueError

INITIALS: Final = tuple("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
"""The 19 letters that begin a syllable, in Unicode order."""
VOWELS: Final = tuple("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
"""The 21 vowels, in Unicode order."""
FINALS: Final[tuple[str, ...]] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
"""No final, then the 27 finals, in Unicode order."""
PLAIN_OF_TENSE: Final = {"ㄲ": "ㄱ", "ㄸ": "ㄷ", "ㅃ": "ㅂ", "ㅆ": "ㅅ", "ㅉ": "ㅈ"}
"""The plain consonant under each tense one: the same key without shift."""

SYLLABLE_COUNT: Final = len(INITIALS) * len(VOWELS) * len(FINALS)

_FIRST: Final = 0xAC00
_CONJOINING_INITIALS: Final = {0x1100 + index: letter for index, letter in enumerate(INITIALS)}
_GRAPHEME: Final = regex.compile(r"\X")


class Syllable(NamedTuple):
    """The places of a syllable's letters in `INITIALS`, `VOWELS` and `FINALS`."""

    initial: int
    vowel: int
    final: int


def to_nfc(text: str) -> str:
    """Compose the text (Unicode NFC), so that one syllable is one character."""
    return unicodedata.normalize("NFC", text)


def is_nfc(text: str) -> bool:
    """Say whether the text is already composed."""
    return unicodedata.is_normalized("NFC", text)


def is_syllable(char: str) -> bool:
    """Say whether this is one Hangul syllable, composed or not; a lone ㄱ is none."""
    composed = to_nfc(char)
    return len(composed) == 1 and 0 <= ord(composed) - _FIRST < SYLLABLE_COUNT


def split_syllable(char: str) -> Syllable:
    """Take a syllable apart; 한 gives (18, 0, 4).

    Raises:
        InvalidValueError: when this is not exactly one Hangul syllable.
    """
    if not is_syllable(char):
        raise InvalidValueError("Hangul syllable", char, "one syllable such as 한")
    rest, final = divmod(ord(to_nfc(char)) - _FIRST, len(FINALS))
    return Syllable(*divmod(rest, len(VOWELS)), final)


def join_syllable(initial: int, vowel: int, final: int = 0) -> str:
    """Put a syllable together from the places of its letters; the inverse of `split_syllable`.

    Raises:
        InvalidValueError: when a place is outside its list.
    """
    if not (0 <= initial < len(INITIALS) and 0 <= vowel < len(VOWELS) and 0 <= final < len(FINALS)):
        raise InvalidValueError(
            "place of Hangul letters",
            (initial, vowel, final),
            "an initial of 0-18, a vowel of 0-20 and a final of 0-27",
        )
    return chr(_FIRST + (initial * len(VOWELS) + vowel) * len(FINALS) + final)


def has_final(char: str) -> bool:
    """Say whether the syllable ends in a consonant (받침).

    Raises:
        InvalidValueError: when this is not exactly one Hangul syllable.
    """
    return split_syllable(char).final != 0


def graphemes(text: str) -> list[str]:
    """Cut the text into what a reader takes for single signs (UAX #29), as they were written."""
    signs: list[str] = _GRAPHEME.findall(text)
    return signs


def count_graphemes(text: str) -> int:
    """Count what a reader takes for single signs; 로동 is 2, composed or not."""
    return len(graphemes(text))


def initial_consonants(text: str) -> str:
    """Reduce each syllable to its initial consonant (초성); 로동 계약 gives "ㄹㄷ ㄱㅇ".

    Everything else stays as it is; a lone conjoining initial becomes the letter a keyboard types.
    """
    return "".join(
        INITIALS[split_syllable(char).initial] if is_syllable(char) else char
        for char in to_nfc(text).translate(_CONJOINING_INITIALS)
    )
