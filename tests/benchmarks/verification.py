"""How long it takes to verify twenty editions in Python, beside python-tuf's own client."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Final

from securesystemslib.signer import Key, Signature
from tests.benchmarks.reporting import Cell, Report, Table, progress, ratio
from tests.benchmarks.signed_shelves import (
    EDITIONS,
    PLACES,
    PUBLISHER,
    FilesSource,
    SignedShelf,
    remembered,
    require_current,
)
from tests.benchmarks.tuf_client import FilesFetcher, FolderFetcher, updater, verify_all
from tests.making import DAY
from tuf.ngclient import FetcherInterface

from bojagi.trust.client import Memory, NoMemory, Source
from bojagi.trust.memory import FolderMemory
from bojagi.trust.plan import WITHDRAWALS, target_path
from bojagi.trust.rules import verify_signature
from bojagi.trust.sources import FolderSource
from bojagi.trust.verifier import verify

AIM_MS: Final = 30
RUNS: Final = 60


@dataclass
class Clocked:
    """A way to verify signatures that counts them and the seconds they take."""

    count: int = 0
    seconds: float = 0.0

    def __call__(self, key: Key, signature: Signature, signed: bytes) -> bool:
        """Verify one."""
        began = time.perf_counter()
        try:
            return verify_signature(key, signature, signed)
        finally:
            self.seconds += time.perf_counter() - began
            self.count += 1


@dataclass
class Runs:
    """What runs of one way took, in seconds of the clock and of the processor."""

    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    signatures: list[float] = field(default_factory=list)
    count: int = 0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Time one run."""
        began, spent = time.perf_counter(), time.process_time()
        yield
        self.whole.append(time.perf_counter() - began)
        self.processor.append(time.process_time() - spent)


def add_tables(report: Report) -> None:
    """Verify twenty editions of one locale in every way."""
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name:
        progress(f"verifying {EDITIONS} editions")
        shelf = SignedShelf.of_real_editions([EDITIONS, *[0] * (PLACES - 1)])
        shelf.write_folder(Path(name) / "stick")
        report.add(_table(shelf, _all_runs(shelf, Path(name))))


def _all_runs(shelf: SignedShelf, folder: Path) -> dict[str, Runs]:
    """Run every way in turns, so that a busy moment takes from all of them."""
    numbers = count()
    memory, stick = FilesSource(shelf.files), FolderSource(folder / "stick")
    seen = remembered(shelf)

    def fresh() -> Path:
        return folder / f"memory-{next(numbers)}"

    def ours(source: Source, recall: Callable[[], Memory]) -> Callable[[Runs], None]:
        return lambda runs: _verify(source, recall(), runs)

    def ours_chosen(runs: Runs) -> None:
        _verify(memory, shelf.pinned(), runs, shelf.editions.keys())

    def theirs(fetcher: FetcherInterface) -> Callable[[Runs], None]:
        return lambda runs: _verify_as_tuf(fetcher, shelf, fresh(), runs)

    ways = {
        "ours, from memory": ours(memory, shelf.pinned),
        "ours, from memory, the locale alone": ours_chosen,
        "ours, from memory, seen before": ours(
            memory, lambda: NoMemory(dict(seen.seen), dict(seen.withdrawn))
        ),
        "ours, from a folder": ours(stick, shelf.pinned),
        "ours, from a folder, memory on disk": ours(
            stick, lambda: FolderMemory.begin(fresh(), shelf.root)
        ),
        "ours, the same, seen before": ours(
            stick, lambda: FolderMemory.begin(folder / "memory", shelf.root)
        ),
        "python-tuf, from memory": theirs(FilesFetcher(shelf.files)),
        "python-tuf, from a folder": theirs(FolderFetcher(folder / "stick")),
    }
    found = {way: Runs() for way in ways}
    for run in ways.values():
        run(Runs())  # once to be warm, and to have seen
    for _ in range(RUNS):
        for way, run in ways.items():
            run(found[way])
    return found


def _verify(
    source: Source, memory: Memory, runs: Runs, chosen: Collection[str] | None = None
) -> None:
    clocked = Clocked()
    with runs.timed():
        report = verify(source, memory, DAY, DAY.date(), verify_with=clocked, chosen=chosen)
    runs.signatures.append(clocked.seconds)
    runs.count = clocked.count
    require_current(report, EDITIONS)


def _verify_as_tuf(fetcher: FetcherInterface, shelf: SignedShelf, memory: Path, runs: Runs) -> None:
    paths = [path for role, infos in shelf.offered.items() if role != WITHDRAWALS for path in infos]
    empty = [
        target_path(PUBLISHER, place, 1)
        for place in range(PLACES)
        if not any(path.startswith(f"{PUBLISHER}/{place}/") for path in paths)
    ]
    with runs.timed():
        client = updater(memory, shelf.root, fetcher)
        verified = verify_all(client, paths)
        for path in (*empty, f"{WITHDRAWALS}/none"):  # ours reads every role too
            client.get_targetinfo(path)
    if verified != EDITIONS:
        raise RuntimeError(f"python-tuf's client has verified {verified}")


def _table(shelf: SignedShelf, found: dict[str, Runs]) -> Table:
    first = next(iter(found.values()))
    base, least = statistics.median(first.whole), statistics.median(first.processor)
    rows: list[list[Cell]] = []
    for way, runs in found.items():
        median, processor = statistics.median(runs.whole), statistics.median(runs.processor)
        signatures = statistics.median(runs.signatures) if runs.signatures else None
        rows.append(
            [
                *(way, 1000 * median, 1000 * min(runs.whole), AIM_MS if "ours" in way else None),
                ratio(median, base),
                *(1000 * processor, ratio(processor, least)),
                runs.count or None,
                signatures and 1000 * signatures,
                signatures and ratio(100 * signatures, median),
            ]
        )
    size = sum(map(len, shelf.editions.values()))
    return Table(
        f"Verifying {EDITIONS} editions of one locale of {PLACES}, {size / 1e6:.1f} MB, in Python:"
        f" milliseconds, medians of {RUNS} runs in turns",
        [
            *("way", "median ms", "least ms", "aim ms", "ours = 1"),
            *("processor ms", "ours = 1"),
            *("signatures", "of it ms", "of it %"),
        ],
        rows,
        notes=(
            f"Of it, the digests of the editions take {_digests_ms(shelf):.1f} ms.",
            "All signatures of the shelf are verified, but in the row of the locale alone.",
            f"On disk, ours syncs files and folders; python-tuf {version('tuf')} syncs none.",
        ),
    )


def _digests_ms(shelf: SignedShelf) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        for content in shelf.editions.values():
            sha256(content).digest()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)
