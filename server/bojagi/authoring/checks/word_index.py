"""Finding thousands of words in a text at once: by the letters that each needs.

What always holds: a word is tried only in a text that holds all letters it can't do without, only
where a word may begin with them, and only when its group is asked for. Expressions are compiled
when they are first tried, which few ever are; so the time goes with the length of the text, and
hardly with the number of words.

What an expression can't do without is read off its brackets and letters (as RE2's `FilteredRE2`
does with regular expressions of its kind), without parsing it. Of what a word needs, what is
rarest in usual texts is looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import add
from typing import Final, Generic, TypeVar

_LONGEST_NEEDED: Final = 3
"""Letters in a row, spaces left out, that are looked up of what a word needs anywhere."""
_LENGTHS_AT_START: Final = (2, 3, 5, 9)
"""The same of what it begins with: one, two, four or eight, behind the sign that says so."""
_START: Final = "\x02"
"""Stands before letters that are needed where a word may begin."""
_END: Final = "\x03"
"""Stands behind a whole word that is needed."""
_PART: Final = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)
_MARK: Final = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[()|]", re.DOTALL)
_DEEPER: Final = {"(": 1, ")": -1}
_QUANTIFIER: Final = re.compile(r"(?:([?*]|\{0?,[0-9]*\})|\+|\{[0-9,]+\})\??")
_BRACKET: Final = re.compile(r"\((?:\?:|(?!\?))")
_RANGES: Final = re.compile(r"\[((?:\w(?:-\w)?)+)\]")
_RANGE: Final = re.compile(r"\w(?:-\w)?")
_MOST_ALTERNATIVES: Final = 200
_SPACE: Final = re.compile(r"\\s[*+]?\??| ")
_SPACES: Final = frozenset({r"\s", r"\ ", " "})
_LOOKAROUNDS: Final = ("(?!", "(?=", "(?<")
_NOTHING: Final = frozenset({""})
_NONE: Final[frozenset[str]] = frozenset()
_LETTERS: Final = re.compile(r"\w+")
_PLAIN: Final = re.compile(r"\(\?:(\w+)\)(\(\?!\\w\))?")
"""A word of letters alone, as most are: `(?:길)`, `(?:way)(?!\\w)`."""

Key = TypeVar("Key")
Needs = tuple[frozenset[str], ...]
Span = tuple[int, int]
"""Where something begins, and where it ends."""


@dataclass(frozen=True)
class Word:
    """One expression.

    Attributes:
        is_inside: whether it may begin inside a word.
    """

    expression: str
    is_inside: bool = False


class WordIndex(Generic[Key]):
    """Words by the key of their group; each has a number.

    Args:
        groups: the words of each group.
        begins: finds the signs with which a word may begin; None where all do.
        meetings: groups that are looked for together.
        usual: texts of which it is learnt which letters are rare, and tell most.

    Attributes:
        rarest: of each meeting, the group that may stand in the fewest texts: `Look.there` tells
            of these.
    """

    def __init__(
        self,
        groups: Mapping[Key, Iterable[Word]],
        begins: re.Pattern[str] | None,
        meetings: Iterable[tuple[Key, ...]] = (),
        usual: Iterable[str] = (),
    ) -> None:
        self.begins = begins
        self.expressions: list[str] = []
        self.is_inside: list[bool] = []
        self.needs: list[Needs] = []
        self.begun_with: list[frozenset[str] | None] = []
        self.key_of: list[Key] = []
        self.by_needed: dict[Key, dict[str, list[int]]] = {key: {} for key in groups}
        self.always: dict[Key, list[int]] = {key: [] for key in groups}
        self.first: dict[str, list[int]] = {}
        how_often = Counter(each for text in usual for each in Letters(text, begins).all)

        def expected(letters: frozenset[str]) -> tuple[int, int]:
            return sum(how_often[each] for each in letters), len(letters)

        for key, words in groups.items():
            for word in words:
                needs = needs_of(word.expression, is_at_start=bool(begins) and not word.is_inside)
                self._add(key, word, tuple(sorted(needs, key=expected)))
        self.needed = {key: frozenset(each) for key, each in self.by_needed.items()}
        self.rarest = self._rarest(meetings, how_often)
        first = set(self.rarest.values())
        for key in first:
            for letters, numbers in self.by_needed[key].items():
                self.first.setdefault(letters, []).extend(numbers)
        self.first_always = {key: numbers for key in first if (numbers := self.always[key])}

    def _rarest(
        self, meetings: Iterable[tuple[Key, ...]], how_often: Counter[str]
    ) -> dict[tuple[Key, ...], Key]:
        most = sum(how_often.values())
        expected = {
            key: sum(how_often[each] for each in needed) + most * len(self.always[key])
            for key, needed in self.needed.items()
        }
        return {keys: min(keys, key=expected.__getitem__) for keys in meetings}

    def _add(self, key: Key, word: Word, needs: Needs) -> None:
        number = len(self.expressions)
        self.expressions.append(word.expression)
        self.is_inside.append(word.is_inside)
        self.needs.append(needs)
        self.begun_with.append(next(filter(_is_of_start, needs), None))
        self.key_of.append(key)
        for letters in needs[0] if needs else ():
            self.by_needed[key].setdefault(letters, []).append(number)
        if not needs:
            self.always[key].append(number)

    def candidates(self, key: Key, letters: Letters) -> Iterator[int]:
        """Yield the words of a group that a text may have, some of them twice."""
        yield from self.always[key]
        for each in letters.all & self.needed[key]:
            for number in self.by_needed[key][each]:
                if letters.hold(self.needs[number]):
                    yield number

    def look(self, text: str) -> Look[Key]:
        """Look which words a text may have."""
        return Look(self, text)


class Look(Generic[Key]):
    """What stands in a text: what may stand there is told at once, what does when it is asked.

    Attributes:
        there: the groups, of those that are the rarest of a meeting, of which a word may stand
            here; and which.
    """

    def __init__(self, index: WordIndex[Key], text: str) -> None:
        self._index = index
        self._letters = letters = Letters(text, index.begins)
        self._spans: dict[Key, list[Span]] = {}
        self._may_have: dict[Key, bool] = {}
        self.there = {key: [*numbers] for key, numbers in index.first_always.items()}
        for each in letters.all & index.first.keys():
            for number in index.first[each]:
                if letters.hold(index.needs[number]):
                    self.there.setdefault(index.key_of[number], []).append(number)

    def may_have(self, keys: Iterable[Key]) -> bool:
        """Whether a word of each of some groups may stand here."""
        return all(map(self._may_have_one, keys))

    def _may_have_one(self, key: Key) -> bool:
        if key not in self._may_have:
            some = self.there.get(key) or self._index.candidates(key, self._letters)
            self._may_have[key] = next(iter(some), None) is not None
        return self._may_have[key]

    def spans(self, key: Key) -> list[Span]:
        """Return where a group's words stand, in order."""
        if key not in self._spans:
            spans: set[Span] = set()
            for number in set(self.there.get(key) or self._index.candidates(key, self._letters)):
                spans.update(self._find(number))
            self._spans[key] = sorted(spans)
        return self._spans[key]

    def _find(self, number: int) -> list[Span]:
        """Return where a word begins and ends, wherever it may begin."""
        letters, pattern = self._letters, compiled(self._index.expressions[number])
        begun_with = self._index.begun_with[number]
        if begun_with:
            matches = [pattern.match(letters.text, at) for at in letters.begun_with(begun_with)]
            return [match.span() for match in matches if match]
        spans = _everywhere(pattern, letters.text)
        if letters.starts is None or self._index.is_inside[number]:
            return spans
        return [span for span in spans if span[0] in letters.starts]


class Letters:
    """All that words may need which stands in a text.

    Attributes:
        starts: where a word may begin; None where that is everywhere.
        all: three letters in a row at most, spaces left out; and what words begin with.
    """

    def __init__(self, text: str, begins: re.Pattern[str] | None) -> None:
        self.text = text
        dense = "".join(text.split())
        self.all, run = {*dense}, [*dense]
        for length in range(1, _LONGEST_NEEDED):
            run = list(map(add, run, dense[length:]))
            self.all.update(run)
        self.starts = [match.start() for match in begins.finditer(text)] if begins else None
        self._begun: dict[str, list[int]] = {}
        if self.starts:
            places = [at for at, sign in enumerate(text) if not sign.isspace()]
            for start in self.starts:
                at = bisect_left(places, start)
                letters = _START + dense[at : at + _LENGTHS_AT_START[-1] - 1]
                whole = _LETTERS.match(text, start)
                begun = {letters[:each] for each in _LENGTHS_AT_START}
                if whole:
                    begun.add(_START + whole[0] + _END)
                for each in begun:
                    self._begun.setdefault(each, []).append(start)
        self._all_begun = frozenset(self._begun)  # a set: sets are met from the smaller one
        self.all |= self._all_begun

    def hold(self, needs: Needs) -> bool:
        """Whether all that a word needs is here."""
        return not any(map(self.all.isdisjoint, needs))

    def begun_with(self, letters: frozenset[str]) -> list[int]:
        """Return where a word begins with some of the letters."""
        begun = [self._begun[each] for each in letters & self._all_begun]
        return begun[0] if len(begun) == 1 else list({start for some in begun for start in some})


def _everywhere(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Return where an expression's matches begin and end, those that overlap too."""
    spans: list[Span] = []
    match = pattern.search(text)
    while match:
        spans.append(match.span())
        at = match.start()
        match = pattern.search(text, at + 1) if at < len(text) else None
    return spans


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """Return an expression that is ready to be matched."""
    return re.compile(expression)


@cache
def needs_of(expression: str, *, is_at_start: bool = False) -> Needs:
    """Return what every match needs: of each set of letters, one at least.

    Letters are in a row, spaces left out: three at most; or eight behind a sign, with which a word
    begins; or all of a word between two signs, where nothing may follow. Nothing is returned where
    nothing can be told.

    Args:
        expression: regular.
        is_at_start: whether the expression matches only where words begin.
    """
    plain = _PLAIN.fullmatch(expression)
    if plain:
        if is_at_start and plain[2]:
            return (frozenset({_START + plain[1] + _END}),)
        return (_cut([_START * is_at_start + plain[1]]),)
    alternatives = list(_alternatives(expression))
    if len(alternatives) > 1:
        needs = [needs_of(each, is_at_start=is_at_start) for each in alternatives]
        each = [max(some, key=_telling, default=_NONE) for some in needs]
        return (_NONE.union(*each),) if all(each) else ()
    return tuple(_needs_by_parts(expression, _START if is_at_start else ""))


def _telling(letters: frozenset[str]) -> tuple[int, int]:
    return min(map(len, letters), default=0), -len(letters)


def _is_of_start(letters: frozenset[str]) -> bool:
    """Whether one of the letters is where words begin, and the word begins there."""
    return all(each.startswith(_START) for each in letters)


def _needs_by_parts(expression: str, start: str) -> Iterator[frozenset[str]]:
    """Yield what the parts of an expression need that has no bar outside brackets."""
    at, runs, is_first = 0, frozenset({start}), True
    while at < len(expression):
        end = _end_of_part(expression, at)
        part = expression[at:end]
        quantifier = _QUANTIFIER.match(expression, end)
        if part in _SPACES or part.startswith(_LOOKAROUNDS):
            at = quantifier.end() if quantifier else end
            continue
        at = quantifier.end() if quantifier else end
        letters = _NONE if quantifier and quantifier[1] else _choices(part)
        if letters and not quantifier and len(runs) * len(letters) <= _MOST_ALTERNATIVES:
            runs = frozenset(run + letter for run in runs for letter in letters)
            is_first = False
            continue
        if runs not in (_NOTHING, {start}):
            yield _cut(runs)
        runs = _NOTHING
        bracket = _BRACKET.match(part)
        if letters and not quantifier and not (is_first and start):
            runs = letters
        elif bracket and not (quantifier and quantifier[1]):
            yield from needs_of(part[bracket.end() : -1], is_at_start=is_first and bool(start))
        elif letters:
            yield _cut(is_first * start + each for each in letters)
        is_first = False
    if runs not in (_NOTHING, {start}):
        yield _cut(runs)


def _choices(part: str) -> frozenset[str]:
    """Return all that a part of an expression may be, spaces left out; nothing where it's much."""
    bracket = _BRACKET.match(part)
    if not bracket:
        return frozenset(_letters_of(part))
    choices = {_SPACE.sub("", each) for each in _alternatives(part[bracket.end() : -1])}
    is_plain = len(choices) <= _MOST_ALTERNATIVES and all(map(_LETTERS.fullmatch, choices))
    return frozenset(choices) if is_plain else _NONE


def _cut(runs: Iterable[str]) -> frozenset[str]:
    return frozenset(
        run[: max(each for each in _LENGTHS_AT_START if each <= len(run))]
        if run.startswith(_START)
        else run[:_LONGEST_NEEDED]
        for run in runs
    )


def _letters_of(part: str) -> str:
    """Return the letters that a part of an expression stands for; none where they are many."""
    if len(part) == 1:
        return part if _LETTERS.fullmatch(part) else ""
    ranges = _RANGES.fullmatch(part)
    if not ranges:
        return ""
    spans = [(ord(each[0]), ord(each[-1]) + 1) for each in _RANGE.findall(ranges[1])]
    if sum(end - start for start, end in spans) > _MOST_ALTERNATIVES:
        return ""
    return "".join(chr(code) for span in spans for code in range(*span))


def _alternatives(expression: str) -> Iterator[str]:
    """Yield what stands between the bars outside brackets."""
    depth = start = 0
    for mark in _MARK.finditer(expression) if "|" in expression else ():
        if mark[0] == "|" and not depth:
            yield expression[start : mark.start()]
            start = mark.end()
        depth += _DEEPER.get(mark[0], 0)
    yield expression[start:]


def _end_of_part(expression: str, at: int) -> int:
    """Return where a character, a class or a pair of brackets ends."""
    depth = 0
    if expression[at] == "(":
        for mark in _MARK.finditer(expression, at):
            depth += _DEEPER.get(mark[0], 0)
            if not depth:
                return mark.end()
    part = _PART.match(expression, at)
    return part.end() if part else at + 1
