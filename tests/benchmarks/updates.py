"""What it costs to hear that there is nothing new, or to get what is, from a running server."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import brotli
import zstandard
from tests.benchmarks import servers
from tests.benchmarks.reporting import Cell, Report, Table, progress, ratio
from tests.benchmarks.signed_shelves import (
    EDITIONS,
    OURS,
    PLACES,
    PUBLISHER,
    FilesSource,
    SignedShelf,
    read_metadata,
)
from tests.benchmarks.tapping import Tap, tapped
from tests.benchmarks.tuf_client import FilesFetcher, check, updater
from tests.making import DAY

from bojagi.trust.chain import ChainSource
from bojagi.trust.client import Client, NoMemory, Source
from bojagi.trust.plan import WITHDRAWALS, target_path
from bojagi.trust.sources import UrlSource

ANSWER_AIM: Final = 700
REQUESTS_AIM: Final = 2
ROUND_TRIP: Final = 0.8
"""Seconds there and back (`peers_and_limits.md`)."""
BITS: Final = 20_000
"""A second, on the slowest link of the same page."""
SETTING_UP: Final = 2
"""Round trips of TCP and TLS 1.3 before the first request of a connection."""
TIMESTAMP: Final = "metadata/timestamp.json"
CODINGS: Final = "gzip, deflate, br, zstd"
"""What browsers of today accept."""

_DECODED: Final[Mapping[str | None, Callable[[bytes], bytes]]] = {
    None: bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda raw: zstandard.ZstdDecompressor().decompress(raw),
}


@dataclass(frozen=True)
class Visit:
    """What one visit took."""

    connections: int
    requests: int
    asked: int
    answered: int

    @property
    def round_trips(self) -> int:
        """There and back, over TLS."""
        return SETTING_UP * self.connections + self.requests

    @property
    def waiting(self) -> float:
        """Seconds of round trips alone."""
        return ROUND_TRIP * self.round_trips

    @property
    def seconds(self) -> float:
        """Seconds with the bytes on the slowest link."""
        return self.waiting + 8 * (self.asked + self.answered) / BITS


@dataclass(frozen=True)
class KeptConnection:
    """A repository on a host, as the field library asks for it: one connection, codings accepted.

    Args:
        tag: the entity tag of the timestamp that was kept from the last visit.
    """

    connection: HTTPConnection
    tag: str = ""

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there or is the one we have."""
        headers = {"Accept-Encoding": CODINGS}
        if path == TIMESTAMP and self.tag:
            headers["If-None-Match"] = self.tag
        self.connection.request("GET", f"/repository/{path}", headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            return None
        data = _DECODED[answer.getheader("Content-Encoding")](body)
        if len(data) > limit:
            raise ValueError(f"{path} is longer than {limit} bytes")
        return data


def add_tables(report: Report) -> None:
    """Serve a shelf, let clients come for the first time and again, and count."""
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name:
        folder = Path(name)
        progress("updates over a socket")
        shelf = SignedShelf.of_real_editions([EDITIONS] * PLACES)
        memory, seen = shelf.pinned(), folder / "seen"
        read_metadata(Client(FilesSource(shelf.files), memory, DAY))
        check(updater(seen, shelf.root, FilesFetcher(shelf.files)), wanted())
        shelf.write_tree(folder / "before")
        with servers.ours(folder / "before") as server:
            tag = _tag(server.port)
            nothing = _nothing_new(server.port, tag, memory, seen, shelf.root)
            first = _visits(server.port, "", shelf.pinned, folder / "nothing", shelf.root)
        shelf.offer(OURS, 1, b"mended: " + next(iter(shelf.editions.values())))
        shelf.release()
        shelf.write_tree(folder / "after")
        with servers.ours(folder / "after") as server:
            again = _visits(server.port, tag, lambda: _copy(memory), seen, shelf.root)
        report.add(_nothing_table(nothing))
        report.add(_new_table({"one edition anew": again, "the first time": first}))


def wanted() -> tuple[str, str]:
    """Return targets that make python-tuf's client read the roles that ours reads."""
    return target_path(PUBLISHER, OURS, 1), f"{WITHDRAWALS}/none"


def _copy(memory: NoMemory) -> NoMemory:
    return NoMemory(dict(memory.seen), dict(memory.withdrawn))


def _tag(port: int) -> str:
    return servers.get(port, f"/repository/{TIMESTAMP}", Accept_Encoding=CODINGS).headers["etag"]


@contextmanager
def _visit(port: int, visits: dict[str, Visit], name: str) -> Iterator[Tap]:
    with tapped(port) as tap:
        yield tap
    visits[name] = Visit(tap.connections, tap.requests, len(tap.asked), tap.answered)


def _nothing_new(
    port: int, tag: str, memory: NoMemory, seen: Path, root: bytes
) -> dict[str, Visit]:
    visits: dict[str, Visit] = {}
    with _visit(port, visits, "ours: the timestamp, If-None-Match") as tap:
        answer = servers.get(
            tap.port, f"/repository/{TIMESTAMP}", Accept_Encoding=CODINGS, If_None_Match=tag
        )
    if answer.status != 304:
        raise RuntimeError(f"the server answers {answer.status} to If-None-Match")
    with _visit(port, visits, "ours in TUF order ('bojagi verify URL')") as tap:
        read_metadata(Client(_url(tap), _copy(memory), DAY))
    with _visit(port, visits, "python-tuf's Updater") as tap:
        check(updater(seen, root, address=f"http://{servers.HOST}:{tap.port}"), wanted())
    return visits


def _visits(
    port: int, tag: str, recall: Callable[[], NoMemory], seen: Path, root: bytes
) -> dict[str, Visit]:
    """Let every client read the metadata that one locale needs."""
    visits: dict[str, Visit] = {}
    chained: dict[str, Callable[[Source], Source]] = {
        "ours: timestamp and chain": lambda source: ChainSource(source, OURS),
        "ours in TUF order, same connection": lambda source: source,
    }
    for name, through in chained.items():
        with _visit(port, visits, name) as tap:
            connection = HTTPConnection(servers.HOST, tap.port)
            read_metadata(Client(through(KeptConnection(connection, tag)), recall(), DAY))
            connection.close()
    with _visit(port, visits, "ours in TUF order ('bojagi verify URL')") as tap:
        read_metadata(Client(_url(tap), recall(), DAY))
    with _visit(port, visits, "python-tuf's Updater") as tap:
        check(updater(seen, root, address=f"http://{servers.HOST}:{tap.port}"), wanted())
    return visits


def _url(tap: Tap) -> Source:
    return UrlSource(f"http://{servers.HOST}:{tap.port}/repository")


def _cells(visit: Visit, base: Visit) -> list[Cell]:
    return [
        *(visit.connections, visit.requests, visit.asked, visit.answered),
        *(ratio(visit.requests, base.requests), ratio(visit.answered, base.answered)),
        *(visit.round_trips, visit.waiting, visit.seconds, ratio(visit.seconds, base.seconds)),
    ]


_COLUMNS: Final = (
    *("connections", "requests", "asked B", "answered B", "requests, ours = 1", "bytes, ours = 1"),
    *("round trips", "their s", "all s", "ours = 1"),
)
_NOTES: Final = (
    "Every byte from connect to close, heads included, without TLS and TCP's own.",
    f"Round trips of {ROUND_TRIP} s: {SETTING_UP} a connection (TCP, TLS 1.3), 1 a request.",
    f"'all s' adds the bytes at {BITS // 1000} kbit/s.",
)


def _nothing_table(visits: Mapping[str, Visit]) -> Table:
    base = next(iter(visits.values()))
    return Table(
        f"Nothing new on a shelf of {EDITIONS * PLACES} editions in {PLACES} locales"
        f" (aim: 1 request, an answer of at most {ANSWER_AIM} B)",
        ["who asks", *_COLUMNS],
        [[name, *_cells(visit, base)] for name, visit in visits.items()],
        notes=_NOTES,
    )


def _new_table(cases: Mapping[str, Mapping[str, Visit]]) -> Table:
    rows: list[list[Cell]] = []
    for case, visits in cases.items():
        base = next(iter(visits.values()))
        rows += [[case, name, *_cells(visit, base)] for name, visit in visits.items()]
    return Table(
        f"Something new: the metadata of one locale, {EDITIONS} editions, of that shelf"
        f" (aim: {REQUESTS_AIM} requests on 1 connection)",
        ["what", "who asks", *_COLUMNS],
        rows,
        notes=(
            *_NOTES,
            "Editions themselves are not counted. python-tuf and 'verify URL' accept no coding.",
        ),
    )
