"""What a text and its translation, or a text and its edit, have to have in common.

What always holds: numbers count as their digits, in any order: thousands are joined (`10,320`,
`10 320`), `4만` is 40,000, a decimal comma is a point, a month's name is its number, and
`6 p.m.` is 18.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from math import prod
from typing import Final

from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.stretches import resolve
from bojagi.domain.identifiers import LocaleCode
from bojagi.markup.parser import PLACEHOLDER

_PLACEHOLDERS: Final = "placeholders"
_PICTURES: Final = "pictures"
_LINKS: Final = "links"
_NUMBERS: Final = "numbers"
_MARKS: Final = "Markdown marks"
FRAGMENTS: Final = (_PLACEHOLDERS, _PICTURES, _LINKS, _NUMBERS, _MARKS)
"""What can differ."""

_MARK: Final = re.compile(r"(?<!\\)(?:\*{1,2}|`)|\\$", re.MULTILINE)
"""Strong, emphasised, literal, a hard break."""
_HANGUL: Final = re.compile(r"[가-힣]{2,}")
_QUOTED: Final = re.compile(r"[《“‘«\"'(][^》”’»\"')]*[》”’»\"')]")
_WORDS: Final = re.compile(r"\w{2,}")
_MONTHS: Final = (
    "jan(?:uary)?|январ[ья]",
    "feb(?:ruary)?|феврал[ья]",
    "mar(?:ch)?|марта?",
    "apr(?:il)?|апрел[ья]",
    "may|ма[йя]",
    "june?|июн[ья]",
    "july?|июл[ья]",
    "aug(?:ust)?|августа?",
    "sept?(?:ember)?|сентябр[ья]",
    "oct(?:ober)?|октябр[ья]",
    "nov(?:ember)?|ноябр[ья]",
    "dec(?:ember)?|декабр[ья]",
)
_MONTH: Final = re.compile(
    r"(?:(?<=\d )|(?<=\dth )|(?<=\dst )|(?<=\dnd )|(?<=\drd )|(?<=\d of )|(?<=\bin )|(?<=\bв )"
    r"|(?<=\bс )|(?<=\bдо )|\b(?=[a-zа-яё.]+,? \d))(?:"
    + "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, start=1))
    + r")\b(?=\.?,? \d|\W*$|[\s,.;)])",
    re.IGNORECASE,
)
_AFTERNOON: Final = re.compile(r"\b(1[0-2]|[1-9])((?::[0-5]\d)?)\s?p\.?m\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_SPACED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_NOON: Final = 12
_TIMES: Final = {
    "백": 10**2,
    "천": 10**3,
    "만": 10**4,
    "억": 10**8,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "亿": 10**8,
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "тыс": 10**3,
    "млн": 10**6,
    "миллион": 10**6,
    "млрд": 10**9,
    "миллиард": 10**9,
}
"""What a word behind a number multiplies it by: 4만, 40 thousand and 40,000 are one number."""
_DIGITS: Final = r"\d+(?:[.,]\d+)?"
_SIGNS: Final = "[백천만억百千万亿]"
_MULTIPLE: Final = re.compile(
    rf"(?<![\d.,]){_DIGITS}(?:"
    rf"{_SIGNS}+(?![克米瓦큼])(?: ?{_DIGITS}{_SIGNS}+)*(?: ?\d{{1,4}}(?![\d.,]))?"
    r"|(?:[ -](?:hundred|thousand|million|billion)(?![a-z]))+"
    r"| (?:тыс|млн|миллион|млрд|миллиард)[а-я]*)",
    re.IGNORECASE,
)
_TERM: Final = re.compile(rf"({_DIGITS})(\D*)")
_TIME: Final = re.compile("|".join(_TIMES), re.IGNORECASE)


def differences(source: str, translation: str) -> Iterator[tuple[str, str]]:
    """Yield what differs between a text and its translation, and how."""
    before, after = resolve(source), resolve(translation)
    placeholders = [
        Counter(match[0] for match in PLACEHOLDER.finditer(text)) for text in (source, translation)
    ]
    if placeholders[0] != placeholders[1]:
        yield _PLACEHOLDERS, _difference(*placeholders)
    if Counter(before.pictures) != Counter(after.pictures):
        yield _PICTURES, _difference(Counter(before.pictures), Counter(after.pictures))
    if Counter(before.links) != Counter(after.links):
        yield _LINKS, _difference(Counter(before.links), Counter(after.links))
    marks = [Counter(match[0] for match in _MARK.finditer(text)) for text in (source, translation)]
    if marks[0] != marks[1]:
        yield _MARKS, _difference(*marks)
    ours, theirs = numbers(before.text), numbers(after.text)
    if not any(one == other for one in ours for other in theirs):
        yield _NUMBERS, _difference(ours[0], theirs[0])


def is_untranslated(source: str, translation: str, locale: LocaleCode) -> bool:
    """Whether a translation still holds its source's language, outside of quotes."""
    plain = PLACEHOLDER.sub(" ", translation)
    if resolve(source).pictures or not _WORDS.search(_NUMBER.sub("", plain)):
        return False
    if locale.is_korean:
        return False  # the two Koreans share most sentences; the rules of origin read them
    return translation == source or bool(_HANGUL.search(_QUOTED.sub(" ", plain)))


def numbers(text: str) -> tuple[Counter[str], ...]:
    """Return the numbers of a text, in each way its groups of three can be read."""
    folded = PLACEHOLDER.sub(" ", fold(text).text)
    folded = _MONTH.sub(lambda match: str(match.lastgroup).removeprefix("m"), folded)
    folded = _AFTERNOON.sub(
        lambda match: f"{int(match[1]) % _NOON + _NOON}{match[2] or ''}", folded
    )
    joined = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), folded)
    spaced = _SPACED.sub(lambda match: match[0].replace(" ", ""), joined)
    readings = tuple(_counted(_MULTIPLE.sub(_multiplied, text)) for text in (joined, spaced))
    return readings[:1] if readings[0] == readings[1] else readings


def _multiplied(match: re.Match[str]) -> str:
    """Write 1억 5천만 or 40 thousand with digits alone."""
    total = Decimal(0)
    for digits, words in _TERM.findall(match[0]):
        times = (_TIMES[word.casefold()] for word in _TIME.findall(words))
        total += Decimal(digits.replace(",", ".")) * prod(times)
    return f" {total:f} "


def _counted(text: str) -> Counter[str]:
    found = Counter[str]()
    for match in _NUMBER.finditer(text):
        parts = re.split("[:]", match[0])
        found.update(_plain(part) for part in parts if part != "00")
    return found


def _plain(number: str) -> str:
    point = number.replace(",", ".")
    if point.count(".") > 1:
        return ".".join(part.lstrip("0") or "0" for part in point.split("."))
    whole, _, part = point.partition(".")
    return ".".join(filter(None, (whole.lstrip("0") or "0", part.rstrip("0"))))


def _difference(ours: Counter[str], theirs: Counter[str]) -> str:
    lost, new = ours - theirs, theirs - ours
    return " / ".join(", ".join(sorted(side.elements())) or "-" for side in (lost, new))
