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

How groups are combined and words are written says `phrase_notation`. Where the rarest group of a
pattern isn't found, the others aren't looked for. Of a sentence that sounds careful as a whole no
pattern speaks (`tenor`), but of the rules whose words hurt in any sentence.

Examples are tested, each on its own: a pattern speaks of all its `speaks`, however they sound, and
no pattern of the rule speaks of any `silent`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.kept import kept
from bojagi.authoring.checks.phrase_notation import KOREAN, Combination, beginning, word_of
from bojagi.authoring.checks.sentences import Sentences
from bojagi.authoring.checks.tenor import OF_WORDS, Tenor, path_of, read_tenor
from bojagi.authoring.checks.word_index import Look, Span, Word, WordIndex
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR

PLACE: Final = Path(__file__).with_name("phrases")
_MADE_BY: Final = (
    "folding",
    "phrase_book",
    "phrase_notation",
    "sentences",
    "tenor",
    "word_index",
)
"""The modules that make a book of the files."""


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
        begins: what finds the signs with which a word may begin; None where all do.
    """

    groups: Mapping[str, tuple[Word, ...]]
    patterns: tuple[Pattern, ...]
    begins: re.Pattern[str] | None


class PhraseBook:
    """The patterns of every rule in one locale, looked for at once."""

    def __init__(
        self,
        rules: Mapping[str, Phrases],
        begins: re.Pattern[str] | None,
        tenor: Tenor | None = None,
    ) -> None:
        groups = {
            (rule, name): words
            for rule, phrases in rules.items()
            for name, words in phrases.groups.items()
        }
        usual = [
            _in_small_letters(fold(words).text)
            for phrases in rules.values()
            for each in phrases.patterns
            for words in (*each.speaks, *each.silent)
        ]
        meetings: dict[tuple[str, Combination], _Meeting] = {}

        def meeting(rule: str, combination: Combination) -> _Meeting:
            keys = tuple((rule, name) for name in combination.groups)
            made = _Meeting(keys, combination.in_order, combination.anywhere)
            return meetings.setdefault((rule, combination), made)

        alarms = [
            _Alarm(
                rule,
                number,
                meeting(rule, pattern.when),
                tuple(meeting(rule, each) for each in pattern.unless),
            )
            for rule, phrases in rules.items()
            for number, pattern in enumerate(phrases.patterns)
        ]
        self.index = WordIndex(groups, begins, {alarm.when.keys for alarm in alarms}, usual)
        self._rules = tuple(rules)
        self._tenor = tenor
        self._alarms: dict[tuple[str, str], list[_Alarm]] = {}
        for alarm in alarms:
            self._alarms.setdefault(self.index.rarest[alarm.when.keys], []).append(alarm)

    def find(
        self, text: str, rule: str | None = None, pattern: int | None = None
    ) -> Iterator[tuple[str, Span]]:
        """Yield each rule that speaks, with the span it speaks of, sentence by sentence.

        Args:
            text: folded; capital letters may stay.
            rule: look for this rule alone; of it, for the pattern of this number alone.
            pattern: counted from 0, as the rule's file has them; it speaks however the sentence
                sounds.
        """
        small = _in_small_letters(text)
        words = _WordsOfText(self.index.look(small), Sentences(small))
        look = words.look
        alarms = [
            alarm
            for key in look.there
            for alarm in self._alarms[key]
            if rule in {None, alarm.rule} and pattern in {None, alarm.pattern}
            if look.may_have(alarm.when.keys) and look.spans(key)
        ]
        found: dict[str, dict[int, Span]] = {name: {} for name in self._rules}
        for alarm in sorted(alarms, key=_by_pattern):
            here = found[alarm.rule]
            tenor = None if pattern is not None or alarm.rule in OF_WORDS else self._tenor
            for sentence, span in words.meetings(alarm.when):
                if (
                    sentence not in here
                    and not any(words.meets(each, sentence) for each in alarm.unless)
                    and not (tenor and words.sounds_careful(tenor, sentence))
                ):
                    here[sentence] = span
        for name, spans in found.items():
            yield from ((name, spans[sentence]) for sentence in sorted(spans))


def _in_small_letters(text: str) -> str:
    small = text.lower()
    return small if len(small) == len(text) else text


@dataclass(frozen=True, eq=False)
class _Meeting:
    """A combination in a rule; many patterns have the same.

    Attributes:
        keys: rule and name of each of its groups.
    """

    keys: tuple[tuple[str, str], ...]
    in_order: bool
    anywhere: bool


@dataclass(frozen=True, eq=False)
class _Alarm:
    """A pattern of a rule, by its number there, ready to be looked for."""

    rule: str
    pattern: int
    when: _Meeting
    unless: tuple[_Meeting, ...]


_by_pattern: Final = attrgetter("pattern")


@dataclass(frozen=True)
class _WordsOfText:
    """Which groups meet in a text.

    Attributes:
        known: what was told of a meeting.
        careful: how a sentence sounds, where that was asked.
    """

    look: Look[tuple[str, str]]
    sentences: Sentences
    known: dict[_Meeting, tuple[tuple[int, Span], ...]] = field(default_factory=dict)
    careful: dict[int, bool] = field(default_factory=dict)

    def meetings(self, meeting: _Meeting) -> tuple[tuple[int, Span], ...]:
        """Return each sentence in which the groups meet, and the span they take there."""
        if meeting not in self.known:
            self.known[meeting] = tuple(self._find(meeting))
        return self.known[meeting]

    def meets(self, meeting: _Meeting, sentence: int) -> bool:
        """Whether the groups meet in a sentence, or anywhere where that is enough."""
        return any(meeting.anywhere or where == sentence for where, _ in self.meetings(meeting))

    def sounds_careful(self, tenor: Tenor, sentence: int) -> bool:
        """Whether a sentence sounds too careful to be spoken of."""
        if sentence not in self.careful:
            self.careful[sentence] = tenor.is_careful(self.sentences[sentence])
        return self.careful[sentence]

    def _find(self, meeting: _Meeting) -> Iterator[tuple[int, Span]]:
        by_sentence: list[dict[int, list[Span]]] = []
        for key in meeting.keys:
            here: dict[int, list[Span]] = {}
            for span in self.look.spans(key):
                sentence = 0 if meeting.anywhere else self.sentences.at(span[0])
                here.setdefault(sentence, []).append(span)
            if not here:
                return
            by_sentence.append(here)
        for sentence in by_sentence[0]:
            if all(sentence in each for each in by_sentence):
                spans = [each[sentence] for each in by_sentence]
                met = _in_order(spans) if meeting.in_order else [each[0] for each in spans]
                if met:
                    first = min(start for start, _ in met)
                    yield self.sentences.at(first), (first, max(end for _, end in met))


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
    return KOREAN if locale in {KO_KP, KO_KR} else str(locale)


@cache
def _book(language: str) -> PhraseBook:
    files = sorted(PLACE.glob(f"*/{language}.toml"))

    def make() -> PhraseBook:
        rules = {path.parent.name: _phrases_in(path.parent.name, language) for path in files}
        there = {rule: each for rule, each in rules.items() if each}
        return PhraseBook(there, beginning(language), read_tenor(language))

    modules = [PLACE.with_name(f"{each}.py") for each in _MADE_BY]
    return kept(f"phrases.{language}", (*files, path_of(language), *modules), make)


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
    groups = {name: tuple(word_of(each, words, language) for each in words[name]) for name in used}
    return Phrases(groups, patterns, beginning(language))
