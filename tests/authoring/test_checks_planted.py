from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.authoring.check_corpus import CORPUS, lines_of, sample_saying

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(path.name for path in (CORPUS / "planted").iterdir())
PLANTED = [
    (name.removesuffix(".txt"), locale, words)
    for name in FILES
    for locale, words in lines_of(f"planted/{name}")
]
CLEAN = lines_of("clean.txt")
OF_OTHERS = {"translation-differs", "undated-amount"}
"""A planted translation is none of its source, and these paragraphs are full of amounts."""


@pytest.mark.parametrize("name", FILES)
def test_every_rule_of_fixed_syntax_has_twenty_planted_defects_or_more(name: str) -> None:
    lines = lines_of(f"planted/{name}")
    assert len(lines) >= 20
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize(("rule", "locale", "words"), PLANTED)
def test_a_planted_defect_is_found(rule: str, locale: str, words: str, tmp_path: Path) -> None:
    findings = sample_saying(tmp_path, locale, words).findings()
    assert rule in {finding.rule for finding in findings}, findings


@pytest.mark.parametrize(("locale", "words"), CLEAN)
def test_a_clean_paragraph_raises_nothing(locale: str, words: str, tmp_path: Path) -> None:
    findings = sample_saying(tmp_path, locale, words).findings()
    assert [finding for finding in findings if finding.rule not in OF_OTHERS] == []


def test_the_clean_corpus_has_a_hundred_paragraphs_in_five_locales() -> None:
    assert len(set(CLEAN)) >= 100
    assert {locale for locale, _ in CLEAN} == {"ko_KP", "ko_KR", "en", "ru", "zh_Hans"}
