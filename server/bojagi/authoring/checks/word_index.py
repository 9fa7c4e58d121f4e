"""Finding thousands of words in a text at once: by the letters that each needs.

What always holds: a word is tried only in a text that holds letters it can't do without, only
where a word may begin, and only when its group is asked for. Expressions are compiled when they
are first tried, which few ever are; so the time goes with the length of the text, and hardly with
the number of words.

What an expression can't do without is read off its brackets and letters (as RE2's `FilteredRE2`
does with regular expressions of its kind), without parsing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Final, Generic, TypeVar

_LONGEST_NEEDED: Final = 4
"""Letters of what a word needs that are looked up."""
_PART: Final = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)
_MARK: Final = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[()|]", re.DOTALL)
_DEEPER: Final = {"(": 1, ")": -1}
_QUANTIFIER: Final = re.compile(r"(?:([?*]|\{0?,[0-9]*\})|\+|\{[0-9,]+\})\??")
_BRACKET: Final = re.compile(r"\((?:\?:|(?!\?))")
_RANGES: Final = re.compile(r"\[((?:\w(?:-\w)?)+)\]")
_RANGE: Final = re.compile(r"\w(?:-\w)?")
_MOST_ALTERNATIVES: Final = 60
_NOTHING: Final = frozenset({""})
_NONE: Final[frozenset[str]] = frozenset()
_LETTERS: Final = re.compile(r"\w+")
_PLAIN: Final = re.compile(r"\(\?:(\w+)\)(\(\?!\\w\))?")
"""A word of letters alone, as most are, which takes no expression: `(?:길)`, `(?:way)(?!\\w)`."""

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
    """Words by the key of their group.

    Args:
        groups: the words of each group.
        inside: what stands before a place where no word begins, e.g. a Hangul syllable; None
            where words begin everywhere.
    """

    def __init__(
        self, groups: Mapping[Key, Iterable[Word]], inside: re.Pattern[str] | None
    ) -> None:
        self.inside = inside
        self.words: list[Word] = []
        self.by_needed: dict[str, list[tuple[Key, int]]] = {}
        self.always: dict[Key, list[int]] = {}
        self._needs: list[Needs] = []
        for key, words in groups.items():
            for word in words:
                self._add(key, word)

    def _add(self, key: Key, word: Word) -> None:
        number = len(self.words)
        needs = needs_of(word.expression)
        self.words.append(word)
        self._needs.append(needs)
        if not needs:
            self.always.setdefault(key, []).append(number)
        for letters in max(needs, key=_telling, default=()):
            self.by_needed.setdefault(letters, []).append((key, number))

    def can_stand(self, number: int, letters: AbstractSet[str]) -> bool:
        """Whether a text that has some letters, up to four in a row, can have a word."""
        return not any(need.isdisjoint(letters) for need in self._needs[number])

    def look(self, text: str) -> Look[Key]:
        """Look which words a text may have."""
        return Look(self, text)


class Look(Generic[Key]):
    """What stands in a text: what may stand there is told at once, what does when it is asked."""

    def __init__(self, index: WordIndex[Key], text: str) -> None:
        self._index = index
        self._text = text
        self._inside = (
            {match.end() for match in index.inside.finditer(text)} if index.inside else set()
        )
        self._candidates: dict[Key, set[int]] = {}
        self._spans: dict[Key, list[Span]] = {}
        lengths = range(1, _LONGEST_NEEDED + 1)
        self._letters = {text[at : at + each] for at in range(len(text)) for each in lengths}
        for letters in self._letters:
            for key, number in index.by_needed.get(letters, ()):
                self._candidates.setdefault(key, set()).add(number)

    def may_have(self, key: Key) -> bool:
        """Whether a group's words may stand here: the text holds what one of them needs."""
        return key in self._candidates or key in self._index.always

    def spans(self, key: Key) -> list[Span]:
        """Return where a group's words stand, in order."""
        if key not in self._spans:
            numbers = self._candidates.get(key, set()).union(self._index.always.get(key, ()))
            self._spans[key] = sorted({span for each in numbers for span in self._find(each)})
        return self._spans[key]

    def _find(self, number: int) -> Iterator[Span]:
        """Yield where a word begins and ends, wherever it may begin."""
        if not self._index.can_stand(number, self._letters):
            return
        word = self._index.words[number]
        for start, end in _everywhere(word.expression, self._text):
            if word.is_inside or start not in self._inside:
                yield start, end


def _everywhere(expression: str, text: str) -> Iterator[Span]:
    """Yield where an expression's matches begin and end, those that overlap too."""
    plain = _PLAIN.fullmatch(expression)
    if plain:
        letters, is_closed = plain[1], bool(plain[2])
        at = text.find(letters)
        while at >= 0:
            end = at + len(letters)
            if not (is_closed and _LETTERS.match(text, end)):
                yield at, end
            at = text.find(letters, at + 1)
        return
    pattern = compiled(expression)
    match = pattern.search(text)
    while match:
        yield match.span()
        at = match.start()
        match = pattern.search(text, at + 1) if at < len(text) else None


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """Return an expression that is ready to be matched."""
    return re.compile(expression)


@cache
def needs_of(expression: str) -> Needs:
    """Return what every match needs: of each set of letters, at most four in a row, one at least.

    Nothing is returned where nothing can be told.
    """
    plain = _PLAIN.fullmatch(expression)
    if plain:
        return (frozenset({plain[1][:_LONGEST_NEEDED]}),)
    alternatives = list(_alternatives(expression))
    if len(alternatives) > 1:
        each = [max(needs_of(each), key=_telling, default=_NONE) for each in alternatives]
        return (_NONE.union(*each),) if all(each) else ()
    return tuple(_needs_by_parts(expression))


def _telling(letters: frozenset[str]) -> tuple[int, int]:
    return min(map(len, letters), default=0), -len(letters)


def _needs_by_parts(expression: str) -> Iterator[frozenset[str]]:
    """Yield what the parts of an expression need that has no bar outside brackets."""
    at, runs = 0, _NOTHING
    while at < len(expression):
        end = _end_of_part(expression, at)
        part = expression[at:end]
        quantifier = _QUANTIFIER.match(expression, end)
        at = quantifier.end() if quantifier else end
        letters = "" if quantifier and quantifier[1] else _letters_of(part)
        if letters and not quantifier and len(runs) * len(letters) <= _MOST_ALTERNATIVES:
            runs = frozenset(run + letter for run in runs for letter in letters)
            continue
        if runs != _NOTHING:
            yield _cut(runs)
            runs = _NOTHING
        bracket = _BRACKET.match(part)
        if letters:
            yield frozenset(letters)
        elif bracket and not (quantifier and quantifier[1]):
            yield from needs_of(part[bracket.end() : -1])
    if runs != _NOTHING:
        yield _cut(runs)


def _cut(runs: Iterable[str]) -> frozenset[str]:
    return frozenset(run[:_LONGEST_NEEDED] for run in runs)


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
