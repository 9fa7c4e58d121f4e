"""Groups of digits that are plainly no telephone number, account or paper.

Dates, times, ranges of years, amounts, counted things, articles of laws, standards. They are
blanked before numbers are sought, each with a form strict enough that a number can't hide in it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

BLANK: Final = "\ufffd"
"""Stands for what a check must not search, and joins to nothing."""

_YEAR: Final = r"(?:1[89]|20)\d\d"
_MONTH: Final = r"(?:1[0-2]|0?[1-9])"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_TIME: Final = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?"
_OPEN: Final = r"(?<![\d+])(?<!\d[-.])"
_CLOSE: Final = r"(?!\d|-\d)"
_UNIT: Final = (
    r"(?:원|루블|딸라|달러|위안|유로|엔|프로|퍼센트|%|킬로|키로|미리|밀리|메터|미터|그람|그램|톤|리터"
    r"|명|건|개|가지|사람|시간|년|개월|"
    r"руб|коп|долл|юан|евро|тыс|млн|млрд|процент|чел|час|км|кг|мм|см|м[²³\s.,]|₽|°|"
    r"元|块|卢布|美元|人|公里|公斤|吨|米|克|次|年|"
    r"(?:km|kg|mm|cm|ml|mg|won|KRW|RUB|CNY|USD|EUR|roubles?|rubles?|dollars?|yuan|people|workers"
    r"|hours|years|percent|tons|tonnes|metres|meters|V|W|kV)\b)"
)
_DECIMAL: Final = r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?"
_STANDARD: Final = r"(?:ISO|IEC|ГОСТ(?: Р)?|GB(?:/T)?|KS|СНиП|СП|ANSI|DIN|NIOSH|OSHA|EN|HSG)"
_LIST_LENGTH: Final = 4
_YEARS_OF_OLD: Final = re.compile(r"(1[5-8]\d\d)\s?[-~]\s?(1[5-9]\d\d)")
_CENTURY: Final = 100

_OTHER_NUMBERS: Final = re.compile(
    "|".join(
        (
            # 2026-11-23, 2026. 11. 23., 2026/11/23, with a time after it.
            rf"{_OPEN}{_YEAR}(?P<a>\s?[-./]\s?){_MONTH}(?P=a){_DAY}{_CLOSE}\.?(?:[T\s]+{_TIME})?",
            # 23.11.2026
            rf"{_OPEN}{_DAY}(?P<b>[-./]){_MONTH}(?P=b){_YEAR}{_CLOSE}(?:\s+{_TIME})?",
            # 20261123, as file names and registers have it.
            rf"{_OPEN}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_CLOSE}",
            # 2024-2026, 1592-1598년: no South Korean representative number begins with 19 or 20.
            rf"{_OPEN}(?<!\d[-.]\s)(?<!\d\s[-.]\s)(?:19|20)\d\d\s?[-~]\s?(?:19|20)\d\d{_CLOSE}",
            rf"{_OPEN}1\d{{3}}\s?[-~]\s?1\d{{3}}(?=\s?(?:년|гг?\b|год|年|years))",
            rf"{_OPEN}{_TIME}(?:\s?[-~]\s?{_TIME})?",
            # 10,320 and 2,156,880.5
            r"(?<![\d-])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?!\d)",
            # 2 156 880 руб., 10320원, 1200-1500원
            rf"(?<![\d+-])[1-9]\d{{0,2}}(?:[ ]\d{{3}})+(?:[.,]\d+)?(?=\s?{_UNIT})",
            rf"(?<![\d+.-])[1-9]\d{{0,8}}(?:\s?[-~]\s?[1-9]\d{{0,8}})?(?=\s?{_UNIT})",
            # 0.5-1.5, 3.13.1, 2025/290582: decimals, sections and numbers of documents.
            rf"(?<![\d.+-]){_DECIMAL}(?:\s?[-~]\s?{_DECIMAL})?(?![\d.]|[ -]\d)",
            r"(?<![\d+/-])(?:(?:19|20)\d\d/\d{1,6}|\d{1,6}/(?:19|20)\d\d)(?![\d/-])",
            r"(?:제|第)\s?\d{1,6}(?:[-의]\d{1,4})?\s?(?:조|항|호|장|절|편|차|회|条|号|章|款|次)",
            r"(?:ст|п|гл|ч)\.\s?\d{1,4}(?:[.-]\d{1,3}){0,3}",
            rf"{_STANDARD}[ -]?(?:[A-Z]\s?)?[1-9]\d{{0,5}}(?:[.:-]\d{{1,4}}){{0,3}}(?!\d)",
            r"ISBN[-: ]*(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]",
            r"ISSN[-: ]*\d{4}-\d{3}[\dXx]",
        )
    )
)


def without_other_numbers(text: str) -> str:
    """Blank what is plainly another kind of number; the text keeps its length."""
    return _OTHER_NUMBERS.sub(blank, text)


def blank(match: re.Match[str]) -> str:
    """Return as many blanks as the match is long."""
    return BLANK * len(match[0])


def is_date(digits: str) -> bool:
    """Whether eight digits are a day of this century or the last: 20261123."""
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits))


def is_other_number(text: str) -> bool:
    """Whether a group that a numbering plan would take is counting, a fraction or years.

    Years of a century (1600-1650) look like South Korean representative numbers; beside a word
    for telephone they are taken for one all the same.
    """
    years = _YEARS_OF_OLD.fullmatch(text)
    if years and 0 < int(years[2]) - int(years[1]) <= _CENTURY:
        return True
    return "/" in text or is_counting(text)


def is_counting(text: str) -> bool:
    """Whether the text only counts: `7 8 9 10 11`."""
    numbers = [int(number) for number in re.findall(r"\d{1,6}", text)]
    return len(numbers) >= _LIST_LENGTH and all(b - a == 1 for a, b in pairwise(numbers))
