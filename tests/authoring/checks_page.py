"""Writes `docs/checks.md`: what each rule says, and how well the rules that read words do.

    python -m tests.authoring.checks_page > docs/checks.md

A test holds the page to this.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final

from tests.authoring.origin_corpus import DIRECTIONS, Count, measured
from tests.authoring.phrase_corpus import (
    INSTRUCTIONS,
    LOCALES,
    Score,
    clean_paragraphs,
    rules,
    rules_speaking,
    sentences,
)

from bojagi.authoring.checks.rule import Rule
from bojagi.authoring.checks.rules import RULES

INTRODUCTION: Final = """\
# The checks

`bojagi check` reads every pack and every translation before anybody approves them. Each rule
below says what it found, what to do, and what it can't see: a pack without findings isn't a safe
pack, and two people still read it. `bojagi check --explain RULE` says the same of one rule.

- **block**: nothing is released until it is mended. Nobody can waive it. "Passed by a demo" means
  that a demo, which calls itself one on every page, goes on all the same.
- **warn**: mended, or waived by a second person who gives a reason. "Needs a waiver" means that
  real keys sign nothing until one or the other was done.
- **note**: worth knowing.

Words are searched twice, as their author wrote them and as a reader sees them, so that markup,
entities and escapes hide nothing; digits of every script, full-width letters and characters
nobody can see are folded first. Dates, amounts, ranges, articles of laws and numbers of standards
are no findings.

In sentences, `{found}` and the like stand for what was found.
"""
SUBJECTS: Final = {
    "phone": "Who can be found by it",
    "url": "Ways off the page",
    "invisible-character": "What isn't what it looks like",
    "source-missing": "Where statements come from",
    "picture-not-png": "Pictures",
    "article-weight": "Weight and length",
    "shelf-mixed": "Shelves and public numbers",
    "translation-missing": "Translations",
    "route": "Phrases that can hurt",
    "southern-spelling": "Which Korean it is in",
    "unreadable": "Reading and building",
}
"""The headings, each by the rule that it stands before."""
MEASURED: Final = """\
## How well the rules of phrase do

Sentences for each rule were written by people who hadn't seen a pattern, and their labels read by
a second person: harm as a careless or pressed author would write it, and what a careful one must be
able to say in much the same words (`tests/corpus/phrases`). A fixed seed parted them: one half, and
all that this page showed before, was looked at while the patterns were written, the other only
counted. The numbers below are of that other half. **Found** is harm that was found; **false
alarms** are harmless sentences, chosen to be as near to harm as can be, that were taken for it.

A pattern says which words have to meet in a sentence; how the whole sentence sounds, learned from
patterns' examples and the half that was looked at, can silence it: one harm in a hundred may be
lost by that. Names, slogans, words of time and amounts are spoken of however a sentence sounds.
"""
MISSES: Final = """\
### What they missed

These sentences of the unseen half were not found. They are the blind spots in the only form in
which they are known; nobody should take a silent check for a safe text.
"""
ORIGIN: Final = """\
## How well the two Koreans are told apart

Pairs of sentences, one in each Korean, by people who hadn't seen the lists; halves as above.
**Found** counts the differing places of the unseen half; precision is the share of what was found
that is one of them. Words of the glossary and spelling are what is aimed at; spacing, endings and
vocabulary beyond the lists are reported.
"""


def section(rule: Rule) -> str:
    """Write a rule."""
    severity = f"{rule.severity}, passed by a demo" if rule.demo_allows else str(rule.severity)
    severity += ", needs a waiver" if rule.needs_waiver else ""
    return (
        f"### {rule.id}\n\n*{severity}*: {rule.words}\n\n"
        f"- **Example:** {rule.example}\n"
        f"- **What to do:** {rule.to_do}\n- **What it can't see:** {rule.blind_spot}\n"
    )


def page() -> str:
    """Write the whole page."""
    parts = [INTRODUCTION]
    for rule in RULES.values():
        if rule.id in SUBJECTS:
            parts.append(f"## {SUBJECTS[rule.id]}\n")
        parts.append(section(rule))
    parts += [MEASURED, "\n".join(_table()) + "\n", _clean(), MISSES, *_misses()]
    parts += [ORIGIN, "\n".join(_origin_table()) + "\n"]
    return "\n".join(parts)


def _table() -> Iterator[str]:
    yield (
        "| rule | "
        + " | ".join(f"found, {locale}" for locale in ("all", *LOCALES))
        + " | false alarms |"
    )
    yield "|---" * (len(LOCALES) + 3) + "|"
    for rule in rules():
        unseen = [each for each in sentences(rule) if not each.is_seen]
        scores = [Score.of(unseen)]
        scores += [Score.of(each for each in unseen if each.locale == code) for code in LOCALES]
        cells = [f"{each.found} of {each.harms}" for each in scores]
        yield f"| {rule} | {' | '.join(cells)} | {scores[0].false} of {scores[0].harmless} |"


def _clean() -> str:
    clean, instructions = (_alarmed(name) for name in ("clean_phrases", INSTRUCTIONS))
    return (
        f"Of clean paragraphs nobody looked at, {clean} raised a false alarm; of such as tell a\n"
        f"reader what to do, in the words of the rules on purpose, {instructions}.\n"
    )


def _alarmed(name: str) -> str:
    unseen = [each for each in clean_paragraphs(name) if not each.is_seen]
    alarmed = sum(bool(rules_speaking(each.locale, each.words)) for each in unseen)
    return f"{alarmed} of {len(unseen)}"


def _misses() -> Iterable[str]:
    for rule in rules():
        missed = [
            each
            for each in sentences(rule)
            if each.is_harm and not each.is_seen and not each.is_found
        ]
        if missed:
            lines = [f"- `{each.locale}` {each.words}" for each in missed]
            yield "\n".join([f"**{rule}**\n", *lines]) + "\n"


def _origin_table() -> Iterator[str]:
    yield "| text that should be in | what differs | found | precision |"
    yield "|---|---|---|---|"
    for locale in DIRECTIONS:
        counts = measured(locale, is_seen=False)
        for kind, count in counts.by_kind.items():
            yield f"| {locale} | {kind} | {count.found} of {count.all} | |"
        yield f"| {locale} | all | {_all(counts.by_kind.values())} | {counts.precision:.3f} |"


def _all(counts: Iterable[Count]) -> str:
    some = list(counts)
    return f"{sum(each.found for each in some)} of {sum(each.all for each in some)}"


if __name__ == "__main__":
    sys.stdout.write(page())
