"""How long the checks take: one article, and the whole library."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.benchmarks import servers
from tests.benchmarks.reporting import Cell, Report, Table, say

from bojagi.authoring.checks import harmful, origin
from bojagi.authoring.checks.harmful import check_phrases
from bojagi.authoring.checks.origin import check_origin
from bojagi.authoring.checks.rule import Stretch, StretchCheck, Surroundings
from bojagi.authoring.checks.stretches import stretches_of
from bojagi.authoring.library import Library, read_library
from bojagi.domain.finding import Finding

Check = Callable[[Library, date], Iterable[Finding]]
REPEATS = 7
AS_ONE_TYPES_MS = 10
BY_WORDS: dict[str, StretchCheck] = {"phrases": check_phrases, "origin": check_origin}


def run(report: Report) -> None:
    """Check each pack's first article alone, each pack, and everything."""
    try:
        from bojagi.authoring.checks.checking import check_library
    except ImportError:
        say("\nChecks: not available (bojagi.authoring.checks.checking isn't there)")
        return
    library = read_library(servers.ROOT)
    today = datetime.now(tz=UTC).date()
    parts = {f"the whole library ({len(library.folders)} packs)": library}
    for pack in library.folders:
        parts[f"{pack} with its catalogues"] = _only(library, pack)
        parts[f"{pack}: its longest article"] = _one_article(library, pack)
    report.add(_words_of_an_article(library, today))
    report.add(
        Table(
            "Checking (the rules alone, without rendering), milliseconds",
            ["what", "articles", "findings", "median ms", "least ms", "ms per article"],
            [_row(name, part, check_library, today) for name, part in parts.items()],
        )
    )


def _words_of_an_article(library: Library, today: date) -> Table:
    """Check the longest article of each locale by the rules that read words, as one types."""
    surroundings = Surroundings(library, today)
    articles: dict[tuple[str, str], list[Stretch]] = {}
    for folder in library.folders.values():
        for stretch in stretches_of(folder, library):
            if stretch.article is not None:
                key = str(stretch.locale), str(stretch.article.id)
                articles.setdefault(key, []).append(stretch)
    rows: list[list[Cell]] = []
    for locale in sorted({locale for locale, _ in articles}):
        mine = [each for (code, _), each in articles.items() if code == locale]
        longest = max(mine, key=lambda some: sum(len(each.raw) for each in some))
        took = {name: _median(check, longest, surroundings) for name, check in BY_WORDS.items()}
        typed = _median_as_one_types(longest, surroundings)
        signs = sum(len(each.raw) for each in longest)
        rows.append([locale, signs, *took.values(), typed, typed / AS_ONE_TYPES_MS])
    return Table(
        f"Rules that read words, on the longest article of a locale; limit {AS_ONE_TYPES_MS} ms",
        [
            *("locale", "characters", *(f"{name} anew, ms" for name in BY_WORDS)),
            *("after a change of a passage, ms", "of the limit"),
        ],
        rows,
    )


def _median(check: StretchCheck, some: list[Stretch], surroundings: Surroundings) -> float:
    times = []
    for _ in range(REPEATS + 1):
        for forget in (harmful.forget, origin.forget):
            forget()
        began = time.perf_counter()
        for stretch in some:
            list(check(stretch, surroundings))
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])  # the first compiles what it needs


def _median_as_one_types(some: list[Stretch], surroundings: Surroundings) -> float:
    """Check an article after each change of one of its passages, as one who types makes them."""
    times = []
    for number, stretch in enumerate(some):
        words = f"{stretch.plain} {number}"
        changed = [*some[:number], replace(stretch, raw=words, plain=words), *some[number + 1 :]]
        began = time.perf_counter()
        for each in changed:
            for check in BY_WORDS.values():
                list(check(each, surroundings))
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def _row(name: str, library: Library, check: Check, today: date) -> list[Cell]:
    articles = sum(len(folder.pack.articles) for folder in library.folders.values())
    times = []
    findings: list[Finding] = list(check(library, today))  # once to be warm
    for _ in range(REPEATS):
        began = time.perf_counter()
        findings = list(check(library, today))
        times.append(1000 * (time.perf_counter() - began))
    median = statistics.median(times)
    return [name, articles, len(findings), median, min(times), median / articles]


def _only(library: Library, pack: str) -> Library:
    return replace(
        library,
        folders={key: folder for key, folder in library.folders.items() if key == pack},
        catalogues={key: each for key, each in library.catalogues.items() if key[0] == pack},
    )


def _one_article(library: Library, pack: str) -> Library:
    """Leave one article of one pack, without its translations."""
    part = replace(_only(library, pack), catalogues={}, interface={})
    folders = {}
    for key, folder in part.folders.items():
        longest = max(folder.pack.articles, key=lambda article: len(article.body))
        kept = {"pack.yaml", "facts.yaml", folder.articles[longest.id].name.rpartition("/")[2]}
        folders[key] = replace(
            folder,
            pack=replace(folder.pack, articles=(longest,)),
            articles={longest.id: folder.articles[longest.id]},
            files={name: raw for name, raw in folder.files.items() if name in kept},
        )
    return replace(part, folders=folders)
