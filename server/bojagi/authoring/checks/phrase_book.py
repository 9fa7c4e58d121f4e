"""Phrase patterns: data that says which words, met in one sentence, somebody should look at again.

A rule's patterns for one locale stand in `phrases/<rule>/<locale>.toml`, and for both Koreans,
which authors mix, in `ko.toml`:

    [groups]                          words that do the same work here
    sure = ['반드시', '틀림없이']
    outcome = ['보호{를} 받~', '체류자격{를} 얻~']
    denial = ['약속{하} 수 없']

    [[patterns]]
    when = "sure outcome"             all of these groups in one sentence, in any order
    unless = ["denial"]               and none of these
    speaks = ["반드시 보호를 받습니다."]
    silent = ["반드시 보호를 받는다고 누구도 약속할수 없습니다."]

`when`, and each of `unless`, names groups: `a b` in any order, `a > b` in that order;
`paragraph: a b` anywhere in the paragraph instead of in one sentence. A pattern's rarest group
stands first: where it isn't found, the others aren't looked for.

A word is a regular expression over the folded text in small letters, with these additions:

    (Korean)   it begins where a word begins, unless it starts with `-`; its end is open
    내~ 길~     that syllable with any other final consonant, or none: 내, 낸, 냈; 길, 긴, 깁
    {하} {되}   하 or 해, 되 or 돼, with any final consonant or none
    {를}        one particle, or none
    {은}        any particles, or none, and then the word ends
    {시오}      an ending that asks, bids or advises, after the stem: 보내~{시오}
    (space)    any number of spaces, none too
    (others)   it begins and ends where words do; a `*` at its end leaves the end open, and Chinese,
               which parts no words, is open on both sides; a space is one space or more
    …          at most 24 signs that end no sentence
    <name>     any word of another group

Examples are tested, each on its own: a pattern speaks of all its `speaks`, and no pattern of the
rule speaks of any `silent`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from bojagi.authoring.checks import word_index
from bojagi.authoring.checks.kept import kept
from bojagi.authoring.checks.word_index import Look, Span, Word, WordIndex
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR

PLACE: Final = Path(__file__).with_name("phrases")

_KOREAN: Final = "ko"
_UNPARTED: Final = frozenset({"zh_Hans"})
_PARAGRAPH: Final = "paragraph:"
_LAST_FINAL: Final = 27
"""A syllable without a final consonant is followed by the 27 that have one (Unicode 3.12)."""
_CLOSING: Final = r"》〉”’\"')\]"
_SENTENCE_END: Final = re.compile(
    rf"(?<=[.!?…])[{_CLOSING}]*(?:\s+|$)|(?<=[\u4e00-\u9fff][.!?])[{_CLOSING}]*|\n+"
)
"""Folding makes 。 a full stop with no space after it: after a Chinese sign it ends a sentence."""
_LETTERS: Final = re.compile(r"\w+")
_GROUP: Final = re.compile(r"<([a-z_]+)>")
_DIGIT: Final = re.compile(r"(?<![\\\[])\\d(?![^\[\]]*\])")
_MACROS: Final = {
    "{하}": "[하-핳해-햏]",
    "{되}": "[되-됳돼-됗]",
    "{를}": "(?:을|를|이|가|은|는|도|만|의|로|으로|에|에서|에게|와|과|까지|부터)?",
    "{은}": (
        "(?:은|는|이|가|을|를|에|에서|에게|에게서|께|께서|로|으로|와|과|도|만|까지|부터|의|나|이나|라도"
        "|이라도|보다|처럼|마다|밖에|뿐|하고)*(?![가-힣])"
    ),
    "{시오}": (
        r"(?:(?:으|아|어|여)?\s*(?:주|두|보|놓)?(?:십시오|십시요|시오|세요|시다|시면\s*[됩된]|시기\s*바[라랍란])"
        r"|(?:으|어|여|아)?(?:라|자)(?![가-힣])|[으]?면\s*[됩된되]|[어여아]?야\s*[하합한할됩된되]|기\s*바[라랍란]"
        r"|는\s*것[이을]\s*[좋권]|[을]?\s*것(?![가-힣])|도록\s*[하합한해])"
    ),
}


@dataclass(frozen=True)
class Combination:
    """Groups that have to meet.

    Attributes:
        groups: their names.
        in_order: whether each has to begin after the one before it.
        anywhere: whether the paragraph is enough; else it takes one sentence.
    """

    groups: tuple[str, ...]
    in_order: bool = False
    anywhere: bool = False

    @classmethod
    def parse(cls, text: str) -> Combination:
        """Read `a b`, `a > b` or `paragraph: a b`."""
        names = text.removeprefix(_PARAGRAPH)
        in_order = ">" in names
        parts = names.split(">") if in_order else names.split()
        return cls(tuple(part.strip() for part in parts), in_order, text.startswith(_PARAGRAPH))


@dataclass(frozen=True)
class Pattern:
    """What a rule speaks of, and what silences it, with the examples that show both."""

    when: Combination
    unless: tuple[Combination, ...]
    speaks: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """The patterns of one rule in one locale.

    Attributes:
        groups: the words of the groups that its patterns name.
        inside: what stands before a place where no word begins.
    """

    groups: Mapping[str, tuple[Word, ...]]
    patterns: tuple[Pattern, ...]
    inside: re.Pattern[str] | None

    @cached_property
    def index(self) -> WordIndex[tuple[str, str]]:
        """Its words alone."""
        return WordIndex({("", name): words for name, words in self.groups.items()}, self.inside)

    def find(self, text: str, only: Pattern | None = None) -> Iterator[Span]:
        """Yield the span of each sentence's words that a pattern speaks of, in order.

        Args:
            text: folded; capital letters may stay.
            only: look for this pattern alone.
        """
        small = _in_small_letters(text)
        words = _WordsOfRule("", self.index.look(small), _Sentences(small))
        yield from words.met((only,) if only else self.patterns)


class PhraseBook:
    """The patterns of every rule in one locale, looked for at once."""

    def __init__(self, rules: Mapping[str, Phrases], language: str) -> None:
        self.rules = rules
        groups = {
            (rule, name): words
            for rule, phrases in rules.items()
            for name, words in phrases.groups.items()
        }
        self.index = WordIndex(groups, _inside_words(language))

    def find(self, text: str) -> Iterator[tuple[str, Span]]:
        """Yield each rule that speaks, with the span it speaks of."""
        small = _in_small_letters(text)
        look, sentences = self.index.look(small), _Sentences(small)
        for rule, phrases in self.rules.items():
            words = _WordsOfRule(rule, look, sentences)
            for span in words.met(phrases.patterns):
                yield rule, span


class _Sentences:
    """Where the sentences of a text begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []

    def at(self, offset: int) -> int:
        if not self.starts:
            self.starts = [0, *(match.end() for match in _SENTENCE_END.finditer(self.text))]
        return bisect_right(self.starts, offset) - 1


def _in_small_letters(text: str) -> str:
    small = text.lower()
    return small if len(small) == len(text) else text


@dataclass(frozen=True)
class _WordsOfRule:
    """A rule's words in one text.

    Attributes:
        look: by rule and group.
        known: what was told of a combination; many patterns have the same exceptions.
    """

    rule: str
    look: Look[tuple[str, str]]
    sentences: _Sentences
    known: dict[Combination, tuple[tuple[int, Span], ...]] = field(default_factory=dict)

    def met(self, patterns: Iterable[Pattern]) -> Iterator[Span]:
        """Yield the span of each sentence's words that a pattern speaks of, in order."""
        found: dict[int, Span] = {}
        may_have, rule = self.look.may_have, self.rule
        for pattern in patterns:
            if not may_have((rule, pattern.when.groups[0])):
                continue  # most: said at once, before anything is looked for
            for sentence, span in self._meetings(pattern.when):
                if sentence not in found and not any(
                    self._meets(each, sentence) for each in pattern.unless
                ):
                    found[sentence] = span
        yield from (found[sentence] for sentence in sorted(found))

    def _meetings(self, combination: Combination) -> tuple[tuple[int, Span], ...]:
        """Return each sentence in which the groups meet, and the span they take there."""
        if combination not in self.known:
            self.known[combination] = tuple(self._find(combination))
        return self.known[combination]

    def _find(self, combination: Combination) -> Iterator[tuple[int, Span]]:
        for name in combination.groups:
            if not self.look.may_have((self.rule, name)):
                return
        by_sentence: list[dict[int, list[Span]]] = []
        for name in combination.groups:
            here: dict[int, list[Span]] = {}
            for span in self.look.spans((self.rule, name)):
                sentence = 0 if combination.anywhere else self.sentences.at(span[0])
                here.setdefault(sentence, []).append(span)
            if not here:
                return
            by_sentence.append(here)
        for sentence in by_sentence[0]:
            if all(sentence in each for each in by_sentence):
                spans = [each[sentence] for each in by_sentence]
                met = _in_order(spans) if combination.in_order else [each[0] for each in spans]
                if met:
                    first = min(start for start, _ in met)
                    yield self.sentences.at(first), (first, max(end for _, end in met))

    def _meets(self, combination: Combination, sentence: int) -> bool:
        """Whether the groups meet in a sentence, or anywhere where that is enough."""
        return any(
            combination.anywhere or where == sentence for where, _ in self._meetings(combination)
        )


def _in_order(spans: Sequence[list[Span]]) -> list[Span]:
    """Return the first hit of each group that begins after that of the group before; or nothing."""
    met = [spans[0][0]]
    for hits in spans[1:]:
        following = next((hit for hit in hits if hit[0] >= met[-1][1]), None)
        if following is None:
            return []
        met.append(following)
    return met


def book_of(locale: LocaleCode) -> PhraseBook:
    """Return the patterns of every rule in a locale; raises as `phrases_of` does."""
    return _book(_language(locale))


def phrases_of(rule: str, locale: LocaleCode) -> Phrases | None:
    """Return the patterns of a rule in a locale; None where it has none.

    Raises:
        ValueError: saying which file is wrong where; the files are part of the program.
    """
    return _phrases_in(rule, _language(locale))


def _language(locale: LocaleCode) -> str:
    """Return the name of a locale's files: both Koreans have the same."""
    return _KOREAN if locale in {KO_KP, KO_KR} else str(locale)


@cache
def _book(language: str) -> PhraseBook:
    files = sorted(PLACE.glob(f"*/{language}.toml"))

    def make() -> PhraseBook:
        rules = {path.parent.name: _phrases_in(path.parent.name, language) for path in files}
        return PhraseBook({rule: each for rule, each in rules.items() if each}, language)

    made_by = (Path(__file__), Path(word_index.__file__))
    return kept(f"phrases.{language}", (*files, *made_by), make)


@cache
def _phrases_in(rule: str, language: str) -> Phrases | None:
    path = PLACE / rule / f"{language}.toml"
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text("utf-8"))
    try:
        return read_phrases(data, language)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise ValueError(f"phrases/{rule}/{path.name}: {error!r}") from error


def read_phrases(data: dict[str, Any], language: str) -> Phrases:
    """Read what a file of patterns holds; raises `ValueError` for a group that isn't there."""
    words: dict[str, list[str]] = data["groups"]
    patterns = tuple(
        Pattern(
            Combination.parse(each["when"]),
            tuple(map(Combination.parse, each.get("unless", ()))),
            tuple(each["speaks"]),
            tuple(each.get("silent", ())),
        )
        for each in data["patterns"]
    )
    used = {name for each in patterns for one in (each.when, *each.unless) for name in one.groups}
    if unknown := used - words.keys():
        raise ValueError(f"no group {min(unknown)!r}")
    groups = {name: tuple(_word(each, words, language) for each in words[name]) for name in used}
    return Phrases(groups, patterns, _inside_words(language))


def _inside_words(language: str) -> re.Pattern[str] | None:
    """Return what finds the signs behind which no word begins; None where no word is parted."""
    if language in _UNPARTED:
        return None
    return re.compile("[가-힣]" if language == _KOREAN else r"\w")


def _word(word: str, words: dict[str, list[str]], language: str) -> Word:
    """Return the expression of a word in the notation of the module's head."""
    is_inside = language == _KOREAN and word.startswith("-")
    if _LETTERS.fullmatch(word, is_inside):
        is_closed = language not in {_KOREAN, *_UNPARTED}
        return Word(f"(?:{word[is_inside:]})" + (r"(?!\w)" if is_closed else ""), is_inside)
    inside = _GROUP.sub(
        lambda group: "(?:" + "|".join(_inner(each, language) for each in words[group[1]]) + ")",
        word,
    )
    expression = f"(?:{_inner(inside, language)})"
    if language not in {_KOREAN, *_UNPARTED} and not word.endswith("*"):
        expression += r"(?!\w)"
    return Word(expression, is_inside)


def _inner(word: str, language: str) -> str:
    is_korean = language == _KOREAN
    text = word.removeprefix("-") if is_korean else word.removesuffix("*")
    for macro, expression in _MACROS.items():
        text = text.replace(macro, expression)
    text = re.sub("([가-힣])~", lambda match: _any_final(match[1]), text)
    text = _DIGIT.sub("[0-9]", text)  # folding leaves no others
    text = text.replace("…", r"[^.!?。！？\n]{0,24}?")
    return text.replace(" ", r"\s*" if is_korean or language in _UNPARTED else r"\s+")


def _any_final(syllable: str) -> str:
    open_one = ord(syllable) - (ord(syllable) - ord("가")) % (_LAST_FINAL + 1)
    return f"[{chr(open_one)}-{chr(open_one + _LAST_FINAL)}]"
