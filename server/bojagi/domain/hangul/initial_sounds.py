"""The South's rule of initial sounds (한글 맞춤법 제10-12항), which the North doesn't have.

At the beginning of a word of Chinese origin ㄹ becomes ㄴ or nothing, and ㄴ before ㅣ and y-vowels
nothing: 로동 노동, 리용 이용, 녀성 여성. The way back takes a lexicon: 이용 was 리용, 이불 wasn't.
"""

from __future__ import annotations

from typing import Final

from bojagi.domain.hangul.syllables import (
    INITIALS,
    VOWELS,
    is_syllable,
    join_syllable,
    split_syllable,
    to_nfc,
)

_TO_N: Final = frozenset("ㅏㅗㅜㅡㅐㅚ")
_TO_SILENT: Final = frozenset("ㅣㅑㅒㅕㅖㅛㅠ")


def southern_letter(initial: str, vowel: str) -> str:
    """Return what the South writes for an initial ㄹ or ㄴ before a vowel; others as they are."""
    if initial in "ㄹㄴ" and vowel in _TO_SILENT:
        return "ㅇ"
    if initial == "ㄹ" and vowel in _TO_N:
        return "ㄴ"
    return initial


def southern_initial(word: str) -> str:
    """Return a northern word with its first sound as the South writes it; others come back as is.

    Only for words of Chinese origin: 라지오 and names are none.
    """
    composed = to_nfc(word)
    if not composed or not is_syllable(composed[0]):
        return composed
    syllable = split_syllable(composed[0])
    initial = southern_letter(INITIALS[syllable.initial], VOWELS[syllable.vowel])
    first = join_syllable(INITIALS.index(initial), syllable.vowel, syllable.final)
    return first + composed[1:]
