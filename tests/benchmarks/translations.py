"""How long 10,000 units take to be brought in step and taken in, beside gettext's msgmerge."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Final

import polib
from tests.benchmarks import servers
from tests.benchmarks.reporting import Cell, Report, Table

from bojagi.authoring.catalogues import Catalogue, merge, parse_catalogue
from bojagi.authoring.exchange import Format
from bojagi.authoring.library import Library, read_library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.authoring.standing import standings
from bojagi.authoring.units import units_of
from bojagi.domain import limits
from bojagi.domain.identifiers import ArticleId, LocaleCode, PackId
from bojagi.domain.pack import Article
from bojagi.services.exchanging import export_sheet, look_at

UNITS: Final = 10_000
MERGE_SECONDS: Final = 1.0
IMPORT_SECONDS: Final = 10.0
REPEATS: Final = 3
PACK: Final = PackId("site-safety")
EN: Final = LocaleCode("en")


def run(report: Report) -> None:
    """Measure with every unit unchanged, with a tenth changed, and with all of them changed."""
    library = read_library(servers.ROOT)
    folder = library.folders[PACK]
    articles = _articles(folder, UNITS)
    pack = replace(folder.pack, articles=articles)
    many = replace(folder, pack=pack)
    text = merge(pack, EN, None)
    catalogue = _translated(text)
    rows: list[list[Cell]] = []
    for name, every in (("none changed", 0), ("a tenth changed", 10), ("all changed", 1)):
        changed = replace(pack, articles=tuple(_changed(each, every) for each in articles))
        took = _least(partial(merge, changed, EN, catalogue))
        theirs = _msgmerge(merge(pack, EN, catalogue), merge(changed, EN, None))
        rows.append([name, took, theirs, theirs / took, took / MERGE_SECONDS])
    report.add(
        Table(
            f"{_count(pack.articles)} units brought in step, seconds; limit {MERGE_SECONDS:.0f} s",
            ["what", "ours", "msgmerge", "theirs/ours", "of the limit"],
            rows,
        )
    )
    there = replace(
        library, folders={PACK: many}, catalogues={(PACK, EN): catalogue}, approved=frozenset()
    )
    report.add(_coming_in(many, there))


def _coming_in(folder: PackFolder, library: Library) -> Table:
    rows: list[list[Cell]] = []
    took = _least(partial(standings, folder, EN, library))
    rows.append(["how far each unit has come", None, took, took / IMPORT_SECONDS])
    with tempfile.TemporaryDirectory() as place:
        for kind in Format:
            path = Path(place) / f"a.{ {'xliff': 'xlf'}.get(kind, kind) }"
            path.write_text(export_sheet(library, PACK, EN, kind), "utf-8")
            size = path.stat().st_size
            took = _least(partial(look_at, library, path))
            rows.append([f"looked at as {kind}", size, took, took / IMPORT_SECONDS])
    return Table(
        f"{_count(folder.pack.articles)} units looked at, seconds; limit {IMPORT_SECONDS:.0f} s",
        ["what", "bytes", "seconds", "of the limit"],
        rows,
    )


def _articles(folder: PackFolder, units: int) -> tuple[Article, ...]:
    """Make articles as long as they may be of the pack's own, until they have so many units."""
    patterns = cycle(folder.pack.articles)
    articles: list[Article] = []
    left = units
    while left > 0:
        pattern, number = next(patterns), len(articles) + 1
        times = limits.UNITS_PER_ARTICLE // len(pattern.units)
        body = "\n".join(pattern.body for _ in range(times))
        name = ArticleId(f"{pattern.id}-{number}")
        data = {"id": name, "title": pattern.title, "summary": pattern.summary, "cards": ()}
        found = units_of(data, body, {})
        articles.append(replace(pattern, id=name, number=number, body=body, units=found, cards=()))
        left -= len(found)
    return tuple(articles)


def _changed(article: Article, every: int) -> Article:
    if not every:
        return article
    units = tuple(
        replace(unit, text=f"새로 {unit.text}") if index % every == 0 else unit
        for index, unit in enumerate(article.units)
    )
    return replace(article, units=units)


def _translated(text: str) -> Catalogue:
    file = polib.pofile(f"{text}\n", wrapwidth=0)
    for entry in file:
        entry.msgstr = f"en: {entry.msgctxt}"
    return parse_catalogue(str(file), "a.po", EN)


def _msgmerge(before: str, template: str) -> float:
    with tempfile.TemporaryDirectory() as place:
        old, new = Path(place) / "old.po", Path(place) / "new.pot"
        old.write_text(before, "utf-8")
        new.write_text(template, "utf-8")
        command = ["msgmerge", "--previous", "--quiet", "-o", "/dev/null", str(old), str(new)]
        began = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - began


def _least(do: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        do()
        times.append(time.perf_counter() - began)
    return min(times)


def _count(articles: tuple[Article, ...]) -> int:
    return 1 + sum(len(article.units) for article in articles)
