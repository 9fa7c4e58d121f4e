"""Telephone numbers: by the numbering plans of the world, by our own patterns, spelled out.

What always holds:

- What is plainly something else (a date, an amount, a law's article, a range) is blanked first.
- `phonenumbers` is asked for each region where readers or their helpers live, and without one;
  the results are united. It is asked only where at least seven digits stand together.
- North Korean national forms (191-…, 02-381-…) are patterns of our own.
- Beside a word for telephone, any five digits count, and so do emergency numbers of three.

Example: `손전화 ０１０ 0000 ００００으로` holds `０１０ 0000 ００００`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from phonenumbers import Leniency, PhoneNumberMatcher

from bojagi.authoring.checks.folding import Folded
from bojagi.authoring.checks.not_numbers import (
    blank,
    is_counting,
    is_other_number,
    without_other_numbers,
)
from bojagi.authoring.checks.rule import Hit, Rule, Stretch, StretchKind, Surroundings
from bojagi.authoring.checks.spelled import spelled_digits
from bojagi.domain.finding import Severity

PHONE: Final = Rule(
    "phone",
    Severity.BLOCK,
    "A telephone number: {found}",
    "Take the number out. A public number belongs in hotlines.yaml, and its place in the text is "
    "{hotline:name}; packs for workers carry none at all.",
    "Numbers parted over several paragraphs or table cells, hinted at by a riddle, spelled out in "
    "other languages than Korean, Chinese, Russian and English, shown in a picture, or shorter "
    "than seven digits without a word for telephone beside them.",
    example="010-0000-0000으로 전화하십시오.",
)

_REGIONS: Final = (None, "KR", "RU", "CN", "US", "JP", "KP")
_SEVEN_DIGITS: Final = re.compile(r"\d(?:[\s\-.()/+~_]{0,3}\d){6}")
_ZERO: Final = "(?:0|(?<![A-Za-zА-Яа-я])[OoОо])"
_GAP: Final = r"[\s\-./_,)]{0,3}"


def _digits(*parts: str) -> str:
    return _GAP.join(parts)


_OWN: Final = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:"
    + "|".join(
        (
            # South Korean mobile numbers, letters O and l in the place of digits included.
            _digits(_ZERO, "[1lI|]", "[0OoОо16-9]", *[r"\d"] * 7) + rf"(?:{_GAP}\d)?",
            # South Korean numbers with an area code, given out or not.
            r"0(?:2|[3-6][1-5]|[78]0|50\d)[ ).-]{1,3}\d{3,4}[ .-]{1,3}\d{4}",
            # North Korean mobile numbers: 191-195 and seven digits.
            r"0?19[1-5](?:[ .-]{0,3}\d){7}",
            # Pyongyang, directly and through the operator's 18111.
            r"0?2[ .-]{0,2}381[ .-]{0,2}\d{4}",
            r"(?:0?2[ .-]{0,2})?18111[^\d.!?\n]{0,5}\d{3,4}(?:[ .-]?\d{4})?",
            # North Korea from abroad, with or without the plus.
            r"(?:\+|00)?850" + _GAP + r"0?(?:2|19[1-5])(?:" + _GAP + r"\d){6,8}",
            # Russian mobile numbers.
            r"(?:\+?7|8)[\s\-.(]{0,3}9(?:[\s\-.)]{0,2}\d){9}",
            # Chinese mobile numbers.
            r"(?:\+?86[ .-]{0,2})?1[3-9]\d[ .-]{0,2}\d{4}[ .-]{0,2}\d{4}",
            _digits("1", "[3-9]", *[r"\d"] * 9),
            # Numbers reserved for stories and examples, which no numbering plan calls valid.
            r"(?:\+?1[ .-]{0,2})?(?:\(\d{3}\)|\d{3})[ .-]{0,2}555[ .-]?01\d\d",
        )
    )
    + r")(?!\d)"
)

_WORD: Final = (
    r"(?:전화번호|손전화기?|휴대전화|휴대폰|핸드폰|전화|전번|폰번호|련락처|연락처|팩스|확스"
    r"|телефон[а-яё]*|тел\b|моб\b|мобильн[а-яё]+|сотов[а-яё]+|(?:по|пере)?звон[а-яё]+|наб[еи]р[а-яё]+|факс"
    r"|电话|手机|致电|拨打|拨|打给|打(?=\s?\d)|报警|座机|传真"
    r"|(?<![A-Za-z])(?:(?:tele)?phones?|tel|mobile|cell|call(?:ing)?|dial|ring|fax|hotline)"
    r"(?![A-Za-z]))"
)
_NEAR: Final = r"[^.!?。！？;；\d\ufffd\n]{0,12}?[.:]?[^.!?。！？;；\d\ufffd\n]{0,3}?"
_AFTER_WORD: Final = re.compile(
    rf"{_WORD}{_NEAR}(?<![\d,제第№])(?P<number>[+(]?\d(?:[ \-.()/]{{0,2}}\d){{4,13}})"
    r"(?!\d|,\d|호|号)",
    re.IGNORECASE,
)
_BEFORE_WORD: Final = re.compile(
    r"(?<![\d,.제第])(?P<number>[+(]?\d(?:[ \-.()/]{0,2}\d){4,13})"
    rf"\s?(?:번)?(?:으로|로|에다|에)?\s?(?:\S{{1,4}}\s)?{_WORD}",
    re.IGNORECASE,
)

_EMERGENCY: Final = (
    r"(?P<number>10[1-49]|11[0-46-9]|12[0235-9]|132|182|911|995|999|13[0-9]{2}|0[1-4])"
    r"(?![\d_]|[.,:/-]\d|[A-Za-z])"
)
_NOT_COUNTED: Final = (
    r"(?!\s?(?:통|명|대|개|원|회|건|분|초|시|년|월|일|호|쪽|페이지|프로|퍼센트|%|볼트"
    r"|번(?!\s?(?:으로|로|에|을|를|이|은|과|$|[.,)]))"
    r"|(?:раз|раза|час|часа|часов|дня|дней)\b|мин|сек|руб|год|лет|человек|штук|литр|вольт"
    r"|次|个|人|元|分|秒|天|年|小时|台|部|伏"
    r"|(?:V|kg|km|m|cm|mm|people|times|calls|minutes|hours|seconds|days|years|workers|won"
    r"|per|percent)\b))"
)
_EMERGENCY_AFTER: Final = re.compile(
    rf"{_WORD}[^.!?。！？;；\d\ufffd\n]{{0,14}}?(?<![\d,.:/제第_-]){_EMERGENCY}{_NOT_COUNTED}",
    re.IGNORECASE,
)
_EMERGENCY_BEFORE: Final = re.compile(
    rf"(?<![\d,.:/제第_-])(?<![A-Za-z]){_EMERGENCY}{_NOT_COUNTED}"
    rf"(?:번)?(?:으로|로|에다|에)?\s?(?:[-—]\s?)?(?:\S{{1,9}}\s)?{_WORD}",
    re.IGNORECASE,
)
_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)


def find_phones(text: Folded, stretch: Stretch, surroundings: Surroundings) -> Iterator[Hit]:
    """Find telephone numbers, but not a public one where the audience may have it.

    The title of a source may name a public line of three digits: it is how the source calls itself.
    """
    spans = [*spelled_digits(text.text)]
    if any(char.isdecimal() for char in text.text):
        searched = text.text
        if stretch.shows_sources:
            searched = surroundings.public_numbers.sub(blank, searched)
        searched = without_other_numbers(searched)
        spans += _long_numbers(searched)
        spans += _beside_a_word(searched, with_emergency=stretch.kind is not StretchKind.SOURCE)
    for start, end in _united(spans):
        yield Hit(PHONE, *text.span(start, end))


def _long_numbers(text: str) -> Iterator[tuple[int, int]]:
    if not _SEVEN_DIGITS.search(text):
        return
    for region in _REGIONS:
        for match in PhoneNumberMatcher(text, region, Leniency.VALID):
            if not is_other_number(match.raw_string):
                yield match.start, match.end
    for own in _OWN.finditer(text):
        if not is_counting(own[0]):
            yield own.span()


def _beside_a_word(text: str, *, with_emergency: bool) -> Iterator[tuple[int, int]]:
    for pattern in (_AFTER_WORD, _BEFORE_WORD):
        for near in pattern.finditer(text):
            if not is_counting(near["number"]):
                yield near.span("number")
    if with_emergency:
        for pattern in (_EMERGENCY_AFTER, _EMERGENCY_BEFORE):
            for near in pattern.finditer(text):
                # 01 to 04 are emergency numbers of fixed telephones in Russia only.
                if near["number"][0] != "0" or _CYRILLIC.search(near[0]):
                    yield near.span("number")


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Unite spans that overlap."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
