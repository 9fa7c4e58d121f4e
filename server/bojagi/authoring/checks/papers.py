"""Numbers of papers that name one person: resident numbers and passports.

Sources: 주민등록법 시행규칙 제2조 (six digits of birth, seven more; numbers given since October
2020 need not satisfy the old check digit, so none is asked for); GB 11643-1999 (18 characters, ISO
7064 MOD 11-2); Постановление ПФР 192п (СНИЛС, modulo 101); ICAO Doc 9303 (machine-readable zone).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from bojagi.authoring.checks.folding import Folded
from bojagi.authoring.checks.not_numbers import is_date, without_other_numbers
from bojagi.authoring.checks.rule import Hit, Rule, Stretch, Surroundings
from bojagi.domain.finding import Severity

RESIDENT_NUMBER: Final = Rule(
    "resident-number",
    Severity.BLOCK,
    "A number of a person's registration: {found}",
    "Take it out; an example needs words, not a number.",
    "North Korean citizen numbers, whose form isn't published; numbers shown in a picture; a date "
    "of birth alone.",
    example="900101-1234567",
)
PASSPORT_NUMBER: Final = Rule(
    "passport-number",
    Severity.BLOCK,
    "A passport number: {found}",
    "Take it out; say where on the page the number stands instead.",
    "Bare digits of a passport without a word for passport beside them, passports of other "
    "countries, numbers shown in a picture.",
    example="여권번호 M12345678",
)

_RRN: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)(?=\d{6}\D))?\d\d\.?(?P<month>\d\d)\.?(?P<day>\d\d)[\s.]{0,2}(?P<dash>[-_/]?)[\s.]{0,2}"
    r"(?P<rest>[1-8](?:\d{6}|[*xX×●○]{6}))(?!\d)"
)
_CHINESE_ID: Final = re.compile(
    r"(?<!\d)\d{6}[ -]?(?P<day>(?:19|20)\d{6})[ -]?\d{3}[ -]?[\dXx](?![\dA-Za-z])"
)
_CHINESE_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHINESE_CHECKS: Final = "10X98765432"
_SNILS: Final = re.compile(r"(?<!\d)\d{3}[- ]\d{3}[- ]\d{3}[- ]\d\d(?!\d)")
_SNILS_DIGITS: Final = 9
_DAYS_OF_MONTHS: Final = 2000
"""A leap year, to tell whether a day exists in some year."""

_WORD: Final = r"(?:여권|려권|려행증|여행증명서|passport|паспорт[а-яё]*|загранпаспорт[а-яё]*|护照)"
_NEAR: Final = r"(?:\bno\.|[^.!?。！？\n\ufffd]){0,24}?"
_BARE: Final = (
    r"(?<![A-Za-z\d.,제第-])(?P<number>[A-Za-z]{0,3}[ -]?\d{2}[ ]?\d{2}[ ]?(?:№ ?)?\d{3}[ ]?\d{2,3}"
    r"|[A-Za-z]{1,3}[ -]?\d{6,9}|\d(?:[ -]?\d){8}|\d{4},? (?:номер|№|N) ?\d{6}"
    r"|[A-Za-z]{1,2}[ -]?\d{3}[A-Za-z]\d{4}|\d{2}[ ]?(?:№ ?|No\.? ?)\d{7}|\d{3}[ -]\d{3}[ -]\d{3})"
    r"(?![\dA-Za-z]|[,-]\d|호|号)"
)
_AFTER_WORD: Final = re.compile(_WORD + _NEAR + _BARE, re.IGNORECASE)
_BEFORE_WORD: Final = re.compile(_BARE + _NEAR + _WORD, re.IGNORECASE)
_WITHOUT_WORD: Final = re.compile(
    r"(?<![A-Za-z\d])(?:"
    r"(?P<plain>[MSRGDE][ -]?(?:\d{8}|\d{4}[ -]\d{4}))"  # KR M12345678, CN E12345678
    r"|P[MSRGDTOE][ -]?\d{7}"  # KR PM1234567, CN PE1234567
    r"|[MSRGD][ -]?\d{3}[A-Z]\d{4}"  # KR M123A4567, since December 2021
    r"|E[A-HJ-NP-Z][ -]?\d{7}"  # CN EA1234567
    r"|(?P<russian>\d\d[ ]\d\d[ ](?:№[ ]?)?\d{6})"  # RU series and number
    r"|(?P<zone>P[A-Z<][A-Z]{3}[A-Z]+<<[A-Z<]+)"  # the machine-readable zone
    r")(?![\dA-Za-z]|-\d)"
)


def find_resident_numbers(
    text: Folded, _stretch: Stretch, _surroundings: Surroundings
) -> Iterator[Hit]:
    """Find numbers of registers: South Korean, Chinese, Russian (СНИЛС)."""
    for match in _RRN.finditer(text.text):
        if _is_day(_DAYS_OF_MONTHS, int(match["month"]), int(match["day"])):
            yield Hit(RESIDENT_NUMBER, *text.span(*match.span()))
    for match in _CHINESE_ID.finditer(text.text):
        if is_date(match["day"]) and _is_chinese_id(re.sub("[ -]", "", match[0]).upper()):
            yield Hit(RESIDENT_NUMBER, *text.span(*match.span()))
    for match in _SNILS.finditer(text.text):
        if _is_snils(re.sub(r"\D", "", match[0])):
            yield Hit(RESIDENT_NUMBER, *text.span(*match.span()))


def find_passport_numbers(
    text: Folded, _stretch: Stretch, _surroundings: Surroundings
) -> Iterator[Hit]:
    """Find passport numbers by their letters, or by the word beside them."""
    searched = without_other_numbers(text.text)
    taken: set[tuple[int, int]] = set()
    for match in _WITHOUT_WORD.finditer(text.text):
        digits = "".join(char for char in match[0] if char.isdecimal())
        if not (match["plain"] and is_date(digits)):
            taken.add(match.span())
    for pattern in (_AFTER_WORD, _BEFORE_WORD):
        taken |= {match.span("number") for match in pattern.finditer(searched)}
    for start, end in sorted(taken):
        yield Hit(PASSPORT_NUMBER, *text.span(start, end))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_chinese_id(number: str) -> bool:
    total = sum(w * int(d) for w, d in zip(_CHINESE_WEIGHTS, number[:-1], strict=True))
    return _CHINESE_CHECKS[total % 11] == number[-1]


def _is_snils(digits: str) -> bool:
    total = sum(int(d) * (_SNILS_DIGITS - i) for i, d in enumerate(digits[:_SNILS_DIGITS]))
    return total % 101 % 100 == int(digits[_SNILS_DIGITS:])
