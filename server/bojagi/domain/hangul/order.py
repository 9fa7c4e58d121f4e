"""Dictionary order and index letters, which the two Koreans do differently.

KR: the order of the Unicode code points; ㄲ follows ㄱ, ㅐ follows ㅏ, ㅇ stands between ㅅ and ㅈ.

KP: tense initials follow ㅎ and the silent ㅇ is last of all, so that words beginning with a vowel
sound close the list; the joined vowels follow the simple ones; ㄲ and ㅆ are the last finals.

    KR  가방 개 까치 나라 례 로동 쓰다 아이 애 자다 하늘
    KP  가방 개 나라 로동 례 자다 하늘 까치 쓰다 아이 애

In both, spaces come first, then digits, Latin letters, Hangul, then all else; marks don't count.

Source: 조선말규범집 2010, p. 2, for the letters; the DPRK dictionary order with silent ㅇ last as
described by M. Kaplan (2008-09-19) and the UBC Korean textbook, lesson 3.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

from bojagi.domain.hangul.syllables import (
    FINALS,
    INITIALS,
    PLAIN_OF_TENSE,
    VOWELS,
    is_syllable,
    split_syllable,
    to_nfc,
)

KP_INITIALS: Final = tuple("ㄱㄴㄷㄹㅁㅂㅅㅈㅊㅋㅌㅍㅎㄲㄸㅃㅆㅉㅇ")
"""The initials in DPRK dictionary order."""
KP_VOWELS: Final = tuple("ㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣㅐㅒㅔㅖㅚㅟㅢㅘㅝㅙㅞ")
"""The vowels in DPRK dictionary order."""
KP_FINALS: Final[tuple[str, ...]] = ("", *"ㄱㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅇㅈㅊㅋㅌㅍㅎㄲㅆ")
"""No final, then the finals in DPRK dictionary order."""

KP_INDEX_LETTERS: Final = KP_INITIALS
"""The index buttons of a DPRK list: all 19 initials, the silent ㅇ last."""
KR_INDEX_LETTERS: Final = tuple(letter for letter in INITIALS if letter not in PLAIN_OF_TENSE)
"""The 14 index buttons of a ROK list: ㄱ to ㅎ, tense initials under their plain ones."""
DIGIT_INDEX: Final = "0"
LATIN_INDEX: Final = "A"
OTHER_INDEX: Final = "#"

_SPACE, _DIGIT, _LATIN, _HANGUL, _OTHER = range(5)

SortKey = tuple[tuple[tuple[int, ...], ...], str]
"""One tuple of numbers for each character that counts, then the composed text to break ties."""


class _Ranks(NamedTuple):
    """The places of the letters in one dictionary's order."""

    initials: dict[str, int]
    vowels: dict[str, int]
    finals: dict[str, int]


def _ranks(initials: tuple[str, ...], vowels: tuple[str, ...], finals: tuple[str, ...]) -> _Ranks:
    """Number the letters in the order given."""
    first, second, third = (
        {letter: place for place, letter in enumerate(letters)}
        for letters in (initials, vowels, finals)
    )
    return _Ranks(first, second, third)


_KP: Final = _ranks(KP_INITIALS, KP_VOWELS, KP_FINALS)
_KR: Final = _ranks(INITIALS, VOWELS, FINALS)


def _is_latin(char: str) -> bool:
    """Say whether this is a Latin letter, accented ones included."""
    return unicodedata.name(char, "").startswith("LATIN ")


def _hangul_rank(char: str, ranks: _Ranks) -> tuple[int, ...] | None:
    """Place a syllable, or a lone letter before the syllables that begin with it."""
    if is_syllable(char):
        syllable = split_syllable(char)
        return (
            _HANGUL,
            ranks.initials[INITIALS[syllable.initial]],
            ranks.vowels[VOWELS[syllable.vowel]],
            ranks.finals[FINALS[syllable.final]],
        )
    if char in ranks.initials:
        return _HANGUL, ranks.initials[char]
    if char in ranks.vowels:
        return _HANGUL, ranks.initials["ㅇ"], ranks.vowels[char]
    return None


def _rank(char: str, ranks: _Ranks) -> tuple[int, ...]:
    """Place one character of composed text."""
    if hangul := _hangul_rank(char, ranks):
        return hangul
    if char.isspace():
        return (_SPACE,)
    if char.isdecimal():
        return _DIGIT, unicodedata.decimal(char)
    if _is_latin(char):
        return _LATIN, ord(char.lower()[0])
    return _OTHER, ord(char)


def _counting(text: str) -> str:
    """Return the characters that count for order: all but marks, controls and outer spaces."""
    counting = (
        char for char in to_nfc(text) if char.isspace() or unicodedata.category(char)[0] not in "PC"
    )
    return "".join(counting).strip()


def _sort_key(text: str, ranks: _Ranks) -> SortKey:
    """Place a text; letter case and marks decide only between texts otherwise the same."""
    return tuple(_rank(char, ranks) for char in _counting(text)), to_nfc(text)


def kp_sort_key(text: str) -> SortKey:
    """Give the key that sorts texts as a DPRK dictionary does; a lone ㄱ stands before 가."""
    return _sort_key(text, _KP)


def kr_sort_key(text: str) -> SortKey:
    """Give the key that sorts texts as a ROK dictionary does; a lone ㄱ stands before 가."""
    return _sort_key(text, _KR)


def kp_index_letter(text: str) -> str:
    """Name the button of a DPRK list under which the text stands.

    Returns:
        One of `KP_INDEX_LETTERS`, or `DIGIT_INDEX`, `LATIN_INDEX` or `OTHER_INDEX`.
    """
    first = next((char for char in _counting(text) if not char.isspace()), "")
    if is_syllable(first):
        return INITIALS[split_syllable(first).initial]
    if first in KP_INDEX_LETTERS:
        return first
    if first in VOWELS:
        return "ㅇ"
    if first.isdecimal():
        return DIGIT_INDEX
    return LATIN_INDEX if first and _is_latin(first) else OTHER_INDEX


def kr_index_letter(text: str) -> str:
    """Name the button of a ROK list under which the text stands.

    Returns:
        One of `KR_INDEX_LETTERS`, or `DIGIT_INDEX`, `LATIN_INDEX` or `OTHER_INDEX`.
    """
    letter = kp_index_letter(text)
    return PLAIN_OF_TENSE.get(letter, letter)
