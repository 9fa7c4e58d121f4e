"""How well the rules of phrase find what people wrote who hadn't seen a pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest
from tests.authoring.check_corpus import TODAY, sample_saying
from tests.authoring.checks_page import page
from tests.authoring.phrase_corpus import (
    CORPUS,
    INSTRUCTIONS,
    LOCALES,
    Score,
    clean_paragraphs,
    rules,
    rules_speaking,
    sentences,
    speaks,
)
from tests.stories.measured import MEASURED

from bojagi.authoring.checks.harmful import RULES
from bojagi.authoring.checks.phrase_book import PLACE, phrases_of
from bojagi.domain.identifiers import LocaleCode
from bojagi.services.reviewing import REASON

if TYPE_CHECKING:
    from pathlib import Path

    from bojagi.authoring.checks.rule import Rule

BOOKS: Final = [(rule.id, locale) for rule in RULES for locale in LOCALES]
FILES: Final = {"ko_KP": "ko", "ko_KR": "ko"}
LEAST_RECALL: Final = 0.85
MOST_FALSE: Final = 0.1
"""What no rule may fall below on sentences nobody looked at; what is aimed at is 0.90 and 0.05."""
LEAST_RECALL_OF_ALL: Final = 0.9
MOST_FALSE_OF_ALL: Final = 0.05
MOST_CLEAN_ALARMED: Final = {"clean_phrases": 0.05, INSTRUCTIONS: 0.15}
"""What all rules together may not fall below; instructions are near to harm on purpose."""


def test_every_rule_has_patterns_in_every_locale_and_a_corpus() -> None:
    assert rules() == sorted(rule.id for rule in RULES)
    files = {(path.parent.name, path.stem) for path in PLACE.glob("*/*.toml")}
    assert files == {(rule, FILES.get(locale, locale)) for rule, locale in BOOKS}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_corpus_is_large_enough_and_says_nothing_twice(rule: str) -> None:
    lines = list(sentences(rule))
    assert sum(each.is_harm for each in lines) >= 40
    assert sum(not each.is_harm for each in lines) >= 60
    assert len({(each.locale, each.words) for each in lines}) == len(lines)
    for half in (True, False):
        part = [each for each in lines if each.is_seen is half]
        assert sum(each.is_harm for each in part) >= 20
        assert {each.locale for each in part} == set(LOCALES)


@pytest.mark.parametrize(("rule", "locale"), BOOKS)
def test_every_pattern_speaks_of_its_examples_and_is_silent_on_its_near_misses(
    rule: str, locale: str
) -> None:
    phrases = phrases_of(rule, LocaleCode(locale))
    assert phrases is not None, f"{rule} has no patterns in {locale}"
    for number, pattern in enumerate(phrases.patterns):
        assert pattern.speaks, pattern.when
        for words in pattern.speaks:
            assert speaks(rule, locale, words, number), words
        for words in pattern.silent:
            assert not speaks(rule, locale, words), words


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_sentences_that_nobody_looked_at_are_told_apart(
    rule: str, record_property: Callable[[str, object], None]
) -> None:
    lines = list(sentences(rule))
    for half, name in ((True, "seen"), (False, "unseen")):
        part = [each for each in lines if each.is_seen is half]
        for locale in ("all", *LOCALES):
            score = Score.of(each for each in part if locale in {"all", each.locale})
            record_property(MEASURED, f"  {rule:16} {locale:7} {name:6} {score}")
    unseen = Score.of(each for each in lines if not each.is_seen)
    assert unseen.recall >= LEAST_RECALL
    assert unseen.false / unseen.harmless <= MOST_FALSE


def test_all_rules_together_find_most_harm_and_disturb_little() -> None:
    unseen = [each for rule in rules() for each in sentences(rule) if not each.is_seen]
    score = Score.of(unseen)
    assert score.recall >= LEAST_RECALL_OF_ALL
    assert score.false / score.harmless <= MOST_FALSE_OF_ALL


@pytest.mark.parametrize(("name", "most"), MOST_CLEAN_ALARMED.items())
def test_few_clean_paragraphs_raise_a_false_alarm(
    name: str, most: float, record_property: Callable[[str, object], None]
) -> None:
    for half, which in ((True, "seen"), (False, "unseen")):
        paragraphs = [each for each in clean_paragraphs(name) if each.is_seen is half]
        alarmed = [each for each in paragraphs if rules_speaking(each.locale, each.words)]
        share = len(alarmed) / len(paragraphs)
        record_property(
            MEASURED, f"  {name}, {which}: {len(alarmed)} of {len(paragraphs)} ({share:.1%})"
        )
        assert share <= most


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_example_of_a_rule_is_found_in_a_pack(rule: Rule, tmp_path: Path) -> None:
    findings = sample_saying(tmp_path, "ko_KP", rule.example).findings(TODAY)
    assert rule.id in {finding.rule for finding in findings}


def test_what_is_found_is_short_enough_for_a_waiver(tmp_path: Path) -> None:
    words = f"반드시 {'아주 ' * 200}보호를 받습니다."
    findings = sample_saying(tmp_path, "ko_KP", words).findings(TODAY)
    assert {len(each.found) <= REASON for each in findings if each.rule == "promise"} == {True}


def test_the_page_of_the_checks_is_what_the_rules_say_and_what_was_measured() -> None:
    written = (CORPUS.parents[1] / "docs" / "checks.md").read_text("utf-8")
    assert written == page(), "python -m tests.authoring.checks_page > docs/checks.md"
