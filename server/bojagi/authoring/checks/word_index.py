"""Finding thousands of words in a text at once: by what they begin with.

What always holds: a word is tried only where it may begin, only where its first characters stand,
and only when its group is asked for; an expression whose beginning can't be told is tried wherever
a word may begin. So the time goes with the length of the text, and hardly with the number of words.

Expressions are compiled when they are first tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Generic, TypeVar

sre: Final[Any] = import_module("re._constants")
parser: Final[Any] = import_module("re._parser")
"""The standard library's own reading of expressions; tests hold what is made of it."""
_LENGTHS: Final = (3, 2, 1)
"""How many characters of a beginning are looked up."""
_LENGTHS_READ: Final = (2, 1)
"""The same where an expression has to be read for it: three would take longer than they save."""
_MOST_BEGINNINGS: Final = 400
_MOST_OF_CLASS: Final = 60
_PLAIN_BEGINNING: Final = re.compile(rf"\(\?:(\w{{1,{_LENGTHS[0]}}})(?![?*{{])")
"""A word that begins with letters as they are, which most do; no quantifier behind the last."""

_PART: Final = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)
_MARK: Final = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[()|]", re.DOTALL)
_DEEPER: Final = {"(": 1, ")": -1}
_QUANTIFIER: Final = re.compile(r"(?:([?*]|\{0,[0-9]*\})|\+|\{[0-9,]+\})\??")
_LETTERS: Final = re.compile(r"\(\?:(\w+)\)(\(\?!\\w\))?")
_LETTER: Final = re.compile(r"\w")

Key = TypeVar("Key")
Matcher = Callable[[str, int], int | None]
"""Takes a text and a place; returns where a word that begins there ends, if one does."""
Span = tuple[int, int]
Beginning = tuple[str, bool]
"""What a match may begin with, and whether more of it can be told."""


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
        self.anything: dict[Key, list[int]] = {}
        self.at_start: dict[str, list[tuple[Key, int]]] = {}
        self.anywhere: dict[str, list[tuple[Key, int]]] = {}
        self._matchers: dict[int, Matcher] = {}
        for key, words in groups.items():
            for word in words:
                self._add(key, word)

    def _add(self, key: Key, word: Word) -> None:
        number = len(self.words)
        self.words.append(word)
        by_beginning = self.anywhere if self.is_anywhere(number) else self.at_start
        for beginning in beginnings(word.expression):
            if beginning:
                by_beginning.setdefault(beginning, []).append((key, number))
            else:
                self.anything.setdefault(key, []).append(number)

    def is_anywhere(self, number: int) -> bool:
        """Whether a word may begin inside another one."""
        return self.inside is None or self.words[number].is_inside

    def matcher(self, number: int) -> Matcher:
        """Return what tells where a word that begins at a place ends."""
        if number not in self._matchers:
            self._matchers[number] = _matcher(self.words[number].expression)
        return self._matchers[number]

    def look(self, text: str) -> Look[Key]:
        """Look which words a text may have."""
        return Look(self, text)


class Look(Generic[Key]):
    """What stands in a text: what may stand there is told at once, what does when it is asked."""

    def __init__(self, index: WordIndex[Key], text: str) -> None:
        self._index = index
        self._text = text
        inside = {match.end() for match in index.inside.finditer(text)} if index.inside else set()
        self._starts = [at for at in range(len(text)) if at not in inside]
        self._candidates: dict[Key, list[tuple[int, int]]] = {}
        self._spans: dict[Key, list[Span]] = {}
        if index.at_start:
            self._gather(index.at_start, self._starts)
        if index.anywhere:
            self._gather(index.anywhere, range(len(text)))

    def _gather(
        self, by_beginning: Mapping[str, list[tuple[Key, int]]], places: Iterable[int]
    ) -> None:
        text, candidates = self._text, self._candidates
        for at in places:
            for length in _LENGTHS:
                for key, number in by_beginning.get(text[at : at + length], ()):
                    candidates.setdefault(key, []).append((at, number))

    def may_have(self, key: Key) -> bool:
        """Whether a group's words may stand here: something begins as one of them does."""
        return key in self._candidates or key in self._index.anything

    def spans(self, key: Key) -> list[Span]:
        """Return where a group's words stand, in order."""
        if key not in self._spans:
            self._spans[key] = sorted(self._find(key))
        return self._spans[key]

    def _find(self, key: Key) -> set[Span]:
        text, index = self._text, self._index
        found: set[Span] = set()
        for at, number in self._candidates.get(key, ()):
            end = index.matcher(number)(text, at)
            if end is not None:
                found.add((at, end))
        for number in index.anything.get(key, ()):
            matcher = index.matcher(number)
            for at in range(len(text)) if index.is_anywhere(number) else self._starts:
                end = matcher(text, at)
                if end is not None:
                    found.add((at, end))
        return found


def _matcher(expression: str) -> Matcher:
    """Return a matcher; most words are letters alone, which take no expression."""
    plain = _LETTERS.fullmatch(expression)
    if plain:
        letters, is_closed = plain[1], bool(plain[2])

        def end_of_letters(text: str, at: int) -> int | None:
            end = at + len(letters)
            is_cut = is_closed and bool(_LETTER.match(text, end))
            return end if text.startswith(letters, at) and not is_cut else None

        return end_of_letters
    pattern = re.compile(expression)

    def end_of_match(text: str, at: int) -> int | None:
        match = pattern.match(text, at)
        return match.end() if match else None

    return end_of_match


def beginnings(expression: str) -> set[str]:
    """Return what a match can begin with, at most three characters each; "" is anything."""
    letters = _PLAIN_BEGINNING.match(expression)
    if letters and not _has_alternatives(expression):
        return {letters[1]}
    parsed = parser.parse(_head(expression))
    for longest in _LENGTHS_READ:
        found = {beginning for beginning, _ in _extended({("", True)}, parsed, longest)}
        if "" in found:
            break
        if longest == 1 or len(found) <= _MOST_BEGINNINGS:
            return found
    return {""}


def _head(expression: str) -> str:
    """Cut an expression behind its first parts: what follows tells nothing of a beginning.

    A part that may be absent isn't counted; brackets are one part.
    """
    inner = expression.removeprefix("(?:")
    if _has_alternatives(expression) or len(inner) == len(expression):
        return expression
    at = parts = 0
    while parts < _LENGTHS_READ[0] and at < len(inner) and inner[at] != ")":
        end = _end_of_part(inner, at)
        quantifier = _QUANTIFIER.match(inner, end)
        has_no_width = inner.startswith(("(?=", "(?!", "(?<"), at)
        parts += not (has_no_width or (quantifier and quantifier[1]))
        at = quantifier.end() if quantifier else end
    return f"(?:{inner[:at]})"


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


def _has_alternatives(expression: str) -> bool:
    """Whether a bar stands outside all brackets but the outermost."""
    depth = 0
    for mark in _MARK.finditer(expression) if "|" in expression else ():
        if mark[0] == "|" and depth == 1:
            return True
        depth += _DEEPER.get(mark[0], 0)
    return False


def _extended(
    known: set[Beginning], items: Iterable[tuple[Any, Any]], longest: int
) -> set[Beginning]:
    """Follow a parsed expression from what is known of its beginning."""
    for operation, argument in items:
        if not any(is_open for _, is_open in known):
            break
        ended = {each for each in known if not each[1]}
        known = ended | _after(known - ended, operation, argument, longest)
        if len(known) > _MOST_BEGINNINGS:
            return {(beginning, False) for beginning, _ in known}
    return known


def _after(known: set[Beginning], operation: object, argument: Any, longest: int) -> set[Beginning]:  # noqa: ANN401 - of the standard library's own kind
    """Follow one operation of an expression."""
    if operation in {sre.LITERAL, sre.IN}:
        codes = [argument] if operation is sre.LITERAL else list(_of_class(argument))
        return _with(known, codes, longest)
    if operation is sre.BRANCH:
        return set().union(*(_extended(known, each, longest) for each in argument[1]))
    if operation is sre.SUBPATTERN:
        return _extended(known, argument[3], longest)
    if operation in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
        least, most, repeated = argument
        once = _extended(known, repeated, longest)
        if most != 1:
            once = {(beginning, False) for beginning, _ in once}
        return once if least else once | known
    if operation in {sre.ASSERT, sre.ASSERT_NOT, sre.AT}:
        return known
    return {(beginning, False) for beginning, _ in known}


def _with(known: set[Beginning], codes: list[int | None], longest: int) -> set[Beginning]:
    """Put one of some characters behind each beginning, up to the longest."""
    if None in codes or len(codes) > _MOST_OF_CLASS * (1 + (longest == 1) * 20):
        return {(beginning, False) for beginning, _ in known}
    return {
        (beginning + chr(code), len(beginning) + 1 < longest)
        if len(beginning) < longest
        else (beginning, False)
        for beginning, _ in known
        for code in codes
        if code is not None
    }


def _of_class(items: Iterable[tuple[Any, Any]]) -> Iterator[int | None]:
    for operation, argument in items:
        if operation is sre.LITERAL:
            yield argument
        elif operation is sre.RANGE and argument[1] - argument[0] < _MOST_OF_CLASS * 20:
            yield from range(argument[0], argument[1] + 1)
        else:
            yield None  # a category, a negation, or as good as any character
