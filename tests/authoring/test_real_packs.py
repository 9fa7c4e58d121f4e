"""The packs of this repository, as they stand: drafts with which nothing else is wrong."""

from __future__ import annotations

import brotli
import pytest
from tests.making import DAY

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import Library
from bojagi.authoring.standing import standings
from bojagi.domain.exposure import Audience
from bojagi.domain.finding import Finding, Severity

LOOKED_UP_BY_PEOPLE = {"source-unchecked", "hotline-never-dialled"}
WORKERS_TEXT_BYTES = 60 * 1024


@pytest.fixture(scope="module")
def findings(library: Library) -> tuple[Finding, ...]:
    return check_library(library, DAY.date())


def test_they_are_blocked_only_by_what_people_must_still_look_up(
    library: Library, findings: tuple[Finding, ...]
) -> None:
    assert library.folders
    blocking = {
        (finding.rule, str(finding.place), finding.found)
        for finding in findings
        if finding.severity is Severity.BLOCK and finding.rule not in LOOKED_UP_BY_PEOPLE
    }
    assert blocking == set()


def test_no_warning_stands_in_them(findings: tuple[Finding, ...]) -> None:
    warned = {
        (finding.rule, str(finding.place), finding.found)
        for finding in findings
        if finding.severity is Severity.WARN
    }
    assert warned == set()


def test_every_locale_of_their_shelves_is_translated_whole(library: Library) -> None:
    lacking = {
        (pack, locale): sum(1 for each in standings(folder, locale, library) if not each.text)
        for pack, folder in library.folders.items()
        for locale in library.shelves[folder.pack.shelf].locales
        if locale != folder.pack.source_locale and (pack, locale) in library.catalogues
    }
    assert len(lacking) >= 2 * len(library.folders) - 6
    assert {place: count for place, count in lacking.items() if count} == {}


def test_all_that_workers_may_read_weighs_less_than_one_photograph(library: Library) -> None:
    texts = [
        "".join(f"{each.title}\n{each.summary}\n{each.body}" for each in folder.pack.articles)
        for folder in library.folders.values()
        if folder.pack.audience is Audience.WORKER
    ]
    assert len(texts) >= 9
    assert sum(len(brotli.compress(text.encode())) for text in texts) < WORKERS_TEXT_BYTES


def test_each_pack_waits_for_a_safety_reviewer_and_has_a_few_articles(library: Library) -> None:
    for folder in library.folders.values():
        assert "safety" in folder.pack.sign_offs, folder.pack.id
        assert 5 <= len(folder.pack.articles) <= 11, folder.pack.id
