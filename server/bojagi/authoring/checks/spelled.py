"""Digits written as words: 공일공, 幺三八, восемь девятьсот, zero one zero.

A run counts as a number somebody is to dial when it is longer than speech makes by chance and is
no counting (일이삼사오, один два три). The lengths are the tests' near misses plus one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_KOREAN: Final = {char: index for index, char in enumerate("공일이삼사오육칠팔구")} | {
    "영": 0,
    "륙": 6,
}
_KO: Final = "".join(_KOREAN)
_KO_RUN: Final = re.compile(
    rf"[{_KO}\d]+(?:(?:\s*-\s*|\.|\s*,\s*|\s+|\s*(?:에|다시|국에|국|대시|하이픈|하이펜)\s*)[{_KO}\d]+)*"
)
_SOME_DAYS: Final = re.compile("(?:일이|이삼|삼사|사오|오륙|오육|륙칠|육칠|칠팔|팔구)일")
"""이삼일: two or three days."""
_MIXED: Final = re.compile(r"\d\D|\D\d")
"""14일: a day, not 1-4-1."""
_KO_DIGITS: Final = 8
_KO_SYLLABLES: Final = 3
_KO_LONG_GROUP: Final = 7
_MOST_DIGITS: Final = 16

_CHINESE: Final = {char: index for index, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "幺": 1,
    "两": 2,
}
_ZH: Final = "".join(_CHINESE)
_ZH_RUN: Final = re.compile(rf"[{_ZH}\d](?:[-,\s]?[{_ZH}\d]){{6,15}}")

_RUSSIAN: Final = (
    r"(?:ноль|нуль|од(?:ин|на)|дв[ае]|три|четыре|пять|шесть|семь|восемь|девять|десять"
    r"|[а-яё]+надцать|двадцать|тридцать|сорок|[а-яё]+десят|девяносто|сто|двести|триста|четыреста"
    r"|[а-яё]+сот)"
)
_ENGLISH: Final = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_WORDS_RUN: Final = re.compile(
    rf"\b(?:{_RUSSIAN}(?:[\s-]+{_RUSSIAN}){{6,}}|{_ENGLISH}(?:[\s-]+{_ENGLISH}){{6,}})\b",
    re.IGNORECASE,
)
_IN_ORDER: Final = (
    "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "zero one two three four five six seven eight nine",
)


def spelled_digits(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of runs of spelled-out digits that somebody could dial."""
    for match in _KO_RUN.finditer(text):
        start = match.start() + _tail_of_a_word(text, match)
        if _is_korean_number(text[start : match.end()]):
            yield start, match.end()
    for match in _ZH_RUN.finditer(text):
        digits = [_CHINESE[char] for char in match[0] if char in _CHINESE]
        if len(digits) >= _KO_SYLLABLES and not _is_in_order(digits):
            yield match.span()
    for match in _WORDS_RUN.finditer(text):
        words = " ".join(re.split(r"[\s-]+", match[0].casefold()))
        if not any(words in order for order in _IN_ORDER):
            yield match.span()


def _tail_of_a_word(text: str, match: re.Match[str]) -> int:
    """Measure what a run begins with and what belongs to the word before: the 오 of 하십시오."""
    head = re.match(rf"[{_KO}\d]{{1,2}}(?![{_KO}\d])\W*", match[0])
    glued = match.start() > 0 and "가" <= text[match.start() - 1] <= "힣"
    return head.end() if head and glued else 0


def _is_korean_number(run: str) -> bool:
    syllables = [_KOREAN[char] for char in run if char in _KOREAN]
    length = len(syllables) + sum(char.isdecimal() for char in run)
    if len(syllables) < _KO_SYLLABLES or not _KO_DIGITS <= length <= _MOST_DIGITS:
        return False
    if _is_in_order(syllables):
        return False
    groups = re.findall(rf"[{_KO}\d]+", run)
    if any(_SOME_DAYS.fullmatch(group) or _MIXED.search(group) for group in groups):
        return False
    long_groups = sum(len(group) >= _KO_SYLLABLES for group in groups)
    one_by_one = all(len(group) == 1 for group in groups) and 0 in syllables
    return long_groups > 1 or max(map(len, groups)) >= _KO_LONG_GROUP or one_by_one


def _is_in_order(digits: list[int]) -> bool:
    return all(b - a == 1 for a, b in pairwise(digits))
