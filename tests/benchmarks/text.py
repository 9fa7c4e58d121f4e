"""How long the smallest steps take: folding for search, splitting, joining and rendering."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Final

from tests.benchmarks import servers
from tests.benchmarks.reporting import Report, Table

from bojagi.authoring.library import read_library
from bojagi.building.edition import Filling
from bojagi.domain.hangul.fold import search_fold, search_initials
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import Article
from bojagi.markup.parser import parse
from bojagi.markup.passages import join, split
from bojagi.markup.render import Picture, render
from bojagi.services.editions import press_for

WANTED_BYTES: Final = 3000
ROUNDS: Final = 15
ROUND_SECONDS: Final = 0.1


def run(report: Report) -> None:
    """Time each step on the article of the headline pack that is nearest to 3 KB."""
    library = read_library(servers.ROOT)
    pack = library.folders[PackId("site-safety")].pack
    article = min(pack.articles, key=_far_from_wanted)
    body = article.body
    texts = [passage.text for passage in split(body)]
    words = press_for(LocaleCode("ko_KP"), library, demo=True).words
    fill = Filling(pack.facts, library.hotlines, words)
    pictures = dict.fromkeys(pack.images, Picture("data:,", 1, 1))
    steps: dict[str, Callable[[], object]] = {
        "search_fold of its title": lambda: search_fold(article.title),
        "search_fold of its body": lambda: search_fold(body),
        "search_initials of its title": lambda: search_initials(article.title),
        "parse": lambda: parse(body),
        "split into passages": lambda: split(body),
        "join the same passages": lambda: join(body, texts),
        "render": lambda: render(body, fill, pictures),
    }
    size = len(body.encode("utf-8"))
    report.add(
        Table(
            f"Small steps on '{article.title}', a body of {size:,} B and {len(texts)} passages,"
            " microseconds",
            ["step", "median µs", "least µs", "µs per KB"],
            [
                [
                    name,
                    *(times := _microseconds(step)),
                    None if "title" in name else times[0] * 1000 / size,
                ]
                for name, step in steps.items()
            ],
            digits=1,
        )
    )


def _far_from_wanted(article: Article) -> int:
    return abs(len(article.body.encode("utf-8")) - WANTED_BYTES)


def _microseconds(step: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the least over rounds of as many calls as fit into one."""
    began = time.perf_counter()
    step()
    calls = 1 + int(ROUND_SECONDS / max(time.perf_counter() - began, 1e-7))
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(calls):
            step()
        rounds.append(1e6 * (time.perf_counter() - began) / calls)
    return statistics.median(rounds), min(rounds)
