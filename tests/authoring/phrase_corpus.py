"""Sentences written for the phrase rules by people who hadn't seen a pattern, and their two halves.

`tests/corpus/phrases/<rule>.txt`: `+ locale | words` is to be found, `- locale | words` is not;
`tests/corpus/clean_phrases.txt` and `instructions.txt`: `locale | paragraph`, of which no rule is
to speak. The digest of a line and of a fixed seed puts it into the half that was looked at while
the patterns were written, or into the one that wasn't: its sentences are counted, never read, until
the rules are published with what they miss. Whoever writes patterns after that has read them, so a
line `# Looked at` makes all above it the first half; new sentences by another hand stand below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.phrase_book import book_of
from bojagi.domain.identifiers import LocaleCode

CORPUS: Final = Path(__file__).parents[1] / "corpus"
SEED: Final = "20261126"
LOOKED_AT: Final = "# Looked at"
INSTRUCTIONS: Final = "instructions"
"""Clean paragraphs near to harm on purpose: they tell a reader what to do."""
LOCALES: Final = ("ko_KP", "ko_KR", "en", "ru", "zh_Hans")


@dataclass(frozen=True)
class Sentence:
    """A line of a corpus.

    Attributes:
        is_harm: whether the rule is to speak of it.
        is_seen: whether it was looked at while the patterns were written.
    """

    rule: str
    locale: str
    words: str
    is_harm: bool
    is_seen: bool

    @property
    def is_found(self) -> bool:
        """Whether the rule speaks of it."""
        return speaks(self.rule, self.locale, self.words)


def speaks(rule: str, locale: str, words: str, pattern: int | None = None) -> bool:
    """Whether a rule, or a pattern of it, speaks of words."""
    return any(book_of(LocaleCode(locale)).find(fold(words).text, rule, pattern))


def rules_speaking(locale: str, words: str) -> set[str]:
    """Return the rules that speak of words."""
    return {rule for rule, _ in book_of(LocaleCode(locale)).find(fold(words).text)}


def rules() -> list[str]:
    """Return the rules that have a corpus."""
    return sorted(path.stem for path in (CORPUS / "phrases").glob("*.txt"))


def sentences(rule: str) -> Iterator[Sentence]:
    """Read the corpus of a rule."""
    for head, words, is_seen in _lines(CORPUS / "phrases" / f"{rule}.txt"):
        sign, _, locale = head.partition(" ")
        yield Sentence(rule, locale, words, sign == "+", is_seen)


def clean_paragraphs(name: str = "clean_phrases") -> Iterator[Sentence]:
    """Read the paragraphs of a file that no rule may speak of."""
    for locale, words, is_seen in _lines(CORPUS / f"{name}.txt"):
        yield Sentence("", locale, words, is_harm=False, is_seen=is_seen)


def _lines(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield what stands before and after the bar in each line, and in which half the line is."""
    lines = path.read_text("utf-8").splitlines()
    looked_at = [number for number, line in enumerate(lines) if line.startswith(LOOKED_AT)]
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            head, _, words = line.partition(" | ")
            yield head, words, number < max(looked_at, default=0) or is_seen(line)


def is_seen(line: str) -> bool:
    """Say in which half the seed puts a line."""
    return sha256(f"{SEED} {line}".encode()).digest()[0] % 2 == 0


@dataclass(frozen=True)
class Score:
    """How well a rule does on some sentences."""

    harms: int
    found: int
    harmless: int
    false: int

    @classmethod
    def of(cls, some: Iterable[Sentence]) -> Score:
        """Count."""
        lines = list(some)
        harms = [each for each in lines if each.is_harm]
        harmless = [each for each in lines if not each.is_harm]
        found = sum(each.is_found for each in harms)
        return cls(len(harms), found, len(harmless), sum(each.is_found for each in harmless))

    @property
    def recall(self) -> float:
        """The share of the harms that is found."""
        return self.found / self.harms if self.harms else 1.0

    @property
    def precision(self) -> float:
        """The share of what is found that is harm."""
        all_found = self.found + self.false
        return self.found / all_found if all_found else 1.0

    def __str__(self) -> str:
        """Say it."""
        return (
            f"recall {self.found}/{self.harms} {self.recall:.2f}, precision {self.precision:.2f}, "
            f"false alarms {self.false}/{self.harmless}"
        )
