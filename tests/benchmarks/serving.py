"""Requests per second and memory beside nginx and kiwix-serve, on loopback, in turns."""

from __future__ import annotations

import gzip
import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.benchmarks import servers
from tests.benchmarks.renditions import Pictures, write_zim
from tests.benchmarks.reporting import Cell, Report, Table, program, progress, ratio, say
from tests.making import DAY, OPEN_GATE

from bojagi.authoring.library import read_library
from bojagi.domain.identifiers import PackId
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo
from bojagi.settings import Settings
from bojagi.web.shelves import MountedShelf, mount_shelves

ROUNDS: Final = 3
SECONDS: Final = 5
CONNECTIONS: Final = 16
BOOK: Final = "bench"

Headers = Mapping[str, str]


@dataclass
class Contender:
    """A server, the page it is asked for, and what came out.

    Attributes:
        path: where it has the page.
        tag: its entity tag of the page as gzip; empty when it has none that answers 304.
        rates: requests per second of each round, by what was asked.
        costs: microseconds of processor time that the server spent on one request, the same way.
    """

    server: servers.Running
    path: str
    page_bytes: int
    kept_bytes: int
    tag: str
    rates: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "304": []})
    costs: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "304": []})

    def asks(self) -> Iterator[tuple[str, Headers]]:
        """Yield what it can be asked."""
        yield "page", {"Accept-Encoding": "gzip"}
        if self.tag:
            yield "304", {"Accept-Encoding": "gzip", "If-None-Match": self.tag}

    def rate(self, ask: str) -> float | None:
        """Return the middle of its rounds; None when it couldn't be asked."""
        return statistics.median(self.rates[ask]) if self.rates[ask] else None

    def cost(self, ask: str) -> float | None:
        """Return the middle of its costs; None when it couldn't be asked."""
        return statistics.median(self.costs[ask]) if self.costs[ask] else None


def run(report: Report) -> None:
    """Start every server that is there, measure them in turns, stop them all."""
    wrk = program("wrk")
    if wrk is None:
        say("\nServing: wrk is missing, so nothing can be measured")
        return
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name, ExitStack() as stack:
        contenders = _start(Path(name), stack)
        for number in range(ROUNDS):
            for contender in contenders:
                for ask, headers in contender.asks():
                    progress(f"round {number + 1} of {ROUNDS}: {contender.server.name}, {ask}")
                    rate, cost = _measure(wrk, contender, headers)
                    contender.rates[ask].append(rate)
                    contender.costs[ask].append(cost)
        report.add(_speed_table(contenders))
        report.add(_cost_table(contenders))
        report.add(_memory_table(contenders))


def _start(folder: Path, stack: ExitStack) -> list[Contender]:
    """Start our server, nginx and kiwix-serve over the same pages."""
    data = folder / "data"
    library = read_library(servers.ROOT)
    publish_demo(library, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
    pack = library.folders[PackId("site-safety")].pack
    shelf = next(each for each in mount_shelves(Settings(data)) if each.prefix == "/")
    address = f"{pack.number}/{pack.articles[0].number}"
    title = pack.articles[0].title
    found = [_contender(stack.enter_context(servers.ours(data)), [f"/{address}"], title)]
    if nginx := program("nginx"):
        (folder / "nginx").mkdir()
        running = stack.enter_context(servers.nginx(nginx, shelf.public, folder / "nginx"))
        found.append(_contender(running, [f"/{address}"], title))
    else:
        say("\nServing: nginx is missing and left out")
    zim = _zim_of(shelf, folder)
    if (kiwix := program("kiwix-serve")) and zim:
        running = stack.enter_context(servers.kiwix(kiwix, zim))
        paths = [f"/{room}{BOOK}/{address}" for room in ("", "content/")]
        found.append(_contender(running, paths, title))
    else:
        say("\nServing: kiwix-serve or libzim is missing and left out")
    return found


def _zim_of(shelf: MountedShelf, folder: Path) -> Path | None:
    """Write a ZIM of the very pages of a shelf's tree, with a full-text index."""
    pages = {
        address or "index": (shelf.public / route.path).read_text("utf-8")
        for address, route in shelf.routes.items()
        if not route.download
    }
    path = folder / f"{BOOK}.zim"
    try:
        write_zim(path, pages, Pictures(), "ko", indexed=True)
    except ModuleNotFoundError:
        return None
    return path


def _contender(server: servers.Running, paths: list[str], title: str) -> Contender:
    """Find the page and its tag, and make sure that both are answered as they should be."""
    for path in paths:
        page = servers.get(server.port, path, Accept_Encoding="gzip")
        packed = page.headers.get("content-encoding") == "gzip"
        body = gzip.decompress(page.body) if packed else page.body
        if page.status == 200 and title.encode("utf-8") in body:
            break
    else:
        raise RuntimeError(f"{server.name} has the page at none of {paths}")
    if not packed:
        say(f"\nServing: {server.name} sends the page without compression")
    tag = page.headers.get("etag", "")
    kept = servers.get(server.port, path, Accept_Encoding="gzip", If_None_Match=tag or '"-"')
    if kept.status != 304:
        say(f"\nServing: {server.name} answers {kept.status} to If-None-Match")
        tag = ""
    return Contender(server, path, page.wire_bytes, kept.wire_bytes, tag)


def _measure(wrk: str, contender: Contender, headers: Headers) -> tuple[float, float]:
    """Return requests per second, and the microseconds of processor time each cost the server."""
    fields = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    address = f"http://{servers.HOST}:{contender.server.port}{contender.path}"
    before = contender.server.processor_seconds()
    done = subprocess.run(
        [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *fields, address],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=SECONDS + 20,
    )
    for wrong in re.findall(r"Socket errors.*|Non-2xx.*", done.stdout):
        say(f"\nServing: {contender.server.name}: {wrong}")
    spent = contender.server.processor_seconds() - before
    match = re.search(r"(\d+) requests in[\s\S]*Requests/sec:\s+([\d.]+)", done.stdout)
    if match is None:
        raise RuntimeError(f"wrk said no rate: {done.stdout}")
    return float(match[2]), 1e6 * spent / max(int(match[1]), 1)


def _speed_table(contenders: list[Contender]) -> Table:
    by_name = {contender.server.name: contender for contender in contenders}

    def cells(contender: Contender) -> Iterator[Cell]:
        yield contender.server.name
        for ask, size in (("page", contender.page_bytes), ("304", contender.kept_bytes)):
            median = contender.rate(ask)
            yield size if median else None
            yield int(median) if median else None
            rates = contender.rates[ask]
            yield f"{min(rates):,.0f}-{max(rates):,.0f}" if rates else None
            for peer in ("nginx", "kiwix-serve"):
                other = by_name[peer].rate(ask) if peer in by_name else None
                yield ratio(median, other) if median and other else None

    return Table(
        f"Serving one article as gzip: requests per second, wrk with 1 thread and {CONNECTIONS}"
        f" connections, medians of {ROUNDS} rounds of {SECONDS} s in turns",
        [
            *("server", "page, wire B", "page/s", "rounds", "to nginx", "to kiwix"),
            *("304, wire B", "304/s", "rounds", "to nginx", "to kiwix"),
        ],
        [list(cells(contender)) for contender in contenders],
        notes=(
            "Aim of ours: at least 0.30 of nginx for a page, 0.50 for a 304; 3 times kiwix-serve.",
            "nginx sends none of our security headers, which favours it.",
            "kiwix-serve adds its own bar to the page, and packs it anew each time.",
        ),
    )


def _cost_table(contenders: list[Contender]) -> Table:
    nginx = next((each for each in contenders if each.server.name == "nginx"), None)
    rows: list[list[Cell]] = []
    for contender in contenders:
        row: list[Cell] = [contender.server.name]
        for ask in contender.costs:
            cost, other = contender.cost(ask), nginx.cost(ask) if nginx else None
            row += [cost, ratio(other, cost) if cost and other else None]
        rows.append(row)
    return Table(
        "The same by what it costs: processor time of the server for one request, microseconds",
        ["server", "page µs", "worth, nginx = 1", "304 µs", "worth, nginx = 1"],
        rows,
        notes=(
            "Where wrk or the machine is the limit, this tells servers apart when rates don't.",
        ),
    )


def _memory_table(contenders: list[Contender]) -> Table:
    rows: list[list[Cell]] = []
    for contender in contenders:
        resident, share, processes = contender.server.memory()
        rows.append([contender.server.name, processes, resident, share])
    return Table(
        "Memory after that load, MB, all processes of each server",
        ["server", "processes", "RSS", "PSS"],
        rows,
        notes=("Aim of ours: under 150 MB. RSS counts a page that processes share once for each.",),
        digits=1,
    )
