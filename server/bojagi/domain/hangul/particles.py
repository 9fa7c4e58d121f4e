"""Particles (토, 조사) that fit the sound a word ends in; the rule is one for both Koreans.

After a consonant 은 이 을 과 아 이나 이라 으로, after a vowel 는 가 를 와 야 나 라 로, and 로
after ㄹ too: 서울로, 3일로. What can't be known gets the double form, as in 을(를), (으)로.

Templates are best written so that no particle follows a variable; this is for where they can't be.

Source: general knowledge of both norms (no clause was looked up); the double form (으)로 is the one
MediaWiki's ko-kp interface uses.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from bojagi.domain.hangul.syllables import FINALS, is_syllable, split_syllable, to_nfc
from bojagi.errors import InvalidValueError


class _Particle(NamedTuple):
    """The forms of one particle."""

    after_consonant: str
    after_vowel: str
    unknown: str


_PARTICLES: Final = {
    "은/는": _Particle("은", "는", "은(는)"),
    "이/가": _Particle("이", "가", "이(가)"),
    "을/를": _Particle("을", "를", "을(를)"),
    "과/와": _Particle("과", "와", "와(과)"),
    "아/야": _Particle("아", "야", "아(야)"),
    "이나/나": _Particle("이나", "나", "(이)나"),
    "이라/라": _Particle("이라", "라", "(이)라"),
    "으로/로": _Particle("으로", "로", "(으)로"),
}
PARTICLE_PAIRS: Final = tuple(_PARTICLES)
"""The pairs `with_particle` knows: the form after a consonant, then the one after a vowel."""

_VOWEL: Final = ""
_RIEUL: Final = "ㄹ"

_DIGIT_FINALS: Final = ("ㅇ", "ㄹ", _VOWEL, "ㅁ", _VOWEL, _VOWEL, "ㄱ", "ㄹ", "ㄹ", _VOWEL)
"""The last letters of 영 (령, 공) 일 이 삼 사 오 육 (륙) 칠 팔 구."""
_ZEROS_FINALS: Final = ("ㅂ", "ㄱ", "ㄴ", *["ㄴ"] * 4, *["ㄱ"] * 4, *[_VOWEL] * 4)
"""The last letters of numbers by trailing zeros, from one: 십 백 천, 만 (4-7), 억 (8-11), 조."""
_LATIN_FINALS: Final = dict.fromkeys("ABCDEFGIJKOPQSTUVXY", _VOWEL) | {
    "L": "ㄹ",
    "M": "ㅁ",
    "N": "ㄴ",
}
"""How the names of Latin letters end, where both Koreans agree: not for R, H, W and Z."""

_CLOSING_SIGNS: Final = frozenset("\"'≫>")
_NUMBER: Final = re.compile(r"(?P<whole>[0-9][0-9,]*)(?P<fraction>\.[0-9]+)?\Z")
_CAPITALS: Final = re.compile(r"(?<![A-Za-z])[A-Z]+\Z")


def _number_final(whole: str, *, is_fraction: bool) -> str | None:
    """Find the last letter of a number as it is read; None beyond 조 (10 to the 15th)."""
    digits = whole.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    # Read digit by digit: fractions, and what begins with 0 (telephone numbers, 0 itself).
    if is_fraction or zeros == 0 or digits.startswith("0"):
        return _DIGIT_FINALS[int(digits[-1])]
    return _ZEROS_FINALS[zeros - 1] if zeros <= len(_ZEROS_FINALS) else None


def _without_closing_marks(text: str) -> str:
    """Cut off the quotation marks and brackets that close at the end."""
    end = len(text)
    while end and (
        unicodedata.category(text[end - 1]) in {"Pe", "Pf"} or text[end - 1] in _CLOSING_SIGNS
    ):
        end -= 1
    return text[:end]


def final_sound(word: str) -> str | None:
    """Find the consonant a word ends in when read aloud, looking through closing marks.

    Args:
        word: text of any kind, composed or not.

    Returns:
        One of `FINALS`: a letter, or "" after a vowel. None when it can't be known: nothing there,
        Latin words (other than capitals spelled out), other scripts and signs.
    """
    bare = _without_closing_marks(to_nfc(word))
    if is_syllable(bare[-1:]):
        return FINALS[split_syllable(bare[-1]).final]
    if number := _NUMBER.search(bare):
        fraction: str = number["fraction"] or ""
        return _number_final(fraction or str(number["whole"]), is_fraction=bool(fraction))
    if _CAPITALS.search(bare):
        return _LATIN_FINALS.get(bare[-1])
    # 퍼센트 in the one Korean, 프로 in the other: a vowel in both.
    return _VOWEL if bare.endswith("%") else None


def with_particle(word: str, pair: str) -> str:
    """Put the fitting particle after a word: ("《로동신문》", "을/를") gives 《로동신문》을.

    Args:
        word: any text; it comes back composed.
        pair: one of `PARTICLE_PAIRS`.

    Raises:
        InvalidValueError: when the pair is unknown.
    """
    particle = _PARTICLES.get(pair)
    if particle is None:
        raise InvalidValueError("particle pair", pair, "one of " + ", ".join(PARTICLE_PAIRS))
    final = final_sound(word)
    if final is None:
        form = particle.unknown
    elif final == _VOWEL or (final == _RIEUL and pair == "으로/로"):
        form = particle.after_vowel
    else:
        form = particle.after_consonant
    return to_nfc(word) + form
