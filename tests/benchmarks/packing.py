"""What sealing an edition and bundling twenty cost, in time and in bytes."""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from tests.benchmarks.reporting import Cell, Report, Table, progress, ratio
from tests.benchmarks.signed_shelves import (
    EDITIONS,
    PLACES,
    SHELF,
    SignedShelf,
    distinct_contents,
    require_current,
)
from tests.making import DAY

from bojagi.building.compression import compressed_variants
from bojagi.trust.bundle import BundleSource, make_bundle
from bojagi.trust.demo import DemoKeys
from bojagi.trust.sealing import (
    SALT_BYTES,
    open_sealed,
    open_with_passphrase,
    seal,
    seal_with_passphrase,
)
from bojagi.trust.shelf_key import EDITION_BYTES
from bojagi.trust.verifier import verify

RUNS: Final = 15
_SECRET: Final = DemoKeys(SHELF).shelf_key.secret
_WORDS: Final = "아무도 고르지 않을 긴 말 여섯 개"
_SALT: Final = bytes(SALT_BYTES)

Step = Callable[[bytes], object]


def add_tables(report: Report) -> None:
    """Seal, open, bundle and read."""
    progress("sealing and bundling")
    contents = distinct_contents()
    report.add(_sealing_table(contents))
    report.add(_overhead_table(contents))
    report.add(_bundle_table(SignedShelf.of_real_editions([EDITIONS, *[0] * (PLACES - 1)])))


def _sealing_table(contents: list[bytes]) -> Table:
    def opening(content: bytes) -> Step:
        sealed = seal(content, _SECRET)
        return lambda _: open_sealed(sealed, _SECRET, EDITION_BYTES)

    def opening_words(content: bytes) -> Step:
        sealed = seal_with_passphrase(content, _WORDS, _SALT)
        return lambda _: open_with_passphrase(sealed, _WORDS, EDITION_BYTES)

    steps: dict[str, tuple[Callable[[bytes], Step], int]] = {
        "seal": (lambda _: lambda content: seal(content, _SECRET), len(contents)),
        "  of it DEFLATE -9": (lambda _: lambda content: zlib.compress(content, 9), len(contents)),
        "open": (opening, len(contents)),
        "open with a passphrase": (opening_words, 2),
    }
    rows: list[list[Cell]] = []
    for name, (make, count) in steps.items():
        chosen = contents[:count]
        times = [_milliseconds(make(content), content) for content in chosen]
        speed = sum(map(len, chosen)) / 1e3 / sum(times)
        rows.append([name, count, statistics.median(times), min(times), max(times), speed])
    return Table(
        f"Sealing an edition, milliseconds; medians of {RUNS} for each, over our"
        f" {len(contents)} editions",
        ["step", "editions", "median ms", "least ms", "most ms", "MB/s of content"],
        rows,
    )


def _milliseconds(step: Step, content: bytes) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        step(content)
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def _overhead_table(contents: list[bytes]) -> Table:
    sealed = [len(seal(content, _SECRET)) for content in contents]
    packed = [compressed_variants(content) for content in contents]
    rows: list[list[Cell]] = [
        ["plain", *_spread(list(map(len, contents)), sealed)],
        *(
            [name, *_spread([len(each[suffix]) for each in packed], sealed)]
            for name, suffix in (("gzip -9", ".gz"), ("zstd -19", ".zst"), ("brotli -11", ".br"))
        ),
        ["sealed", *_spread(sealed, sealed)],
    ]
    return Table(
        f"What a sealed edition weighs beside the same as an open shelf serves it, our"
        f" {len(contents)} editions, bytes",
        ["form", "median", "least", "most", "all", "sealed to it: all", "least", "most"],
        rows,
        notes=("Sealed: DEFLATE -9, as browsers open it; 61 B; zeros up to a multiple of 4 KiB.",),
    )


def _spread(sizes: list[int], sealed: list[int]) -> Iterator[Cell]:
    ratios = [each / size for each, size in zip(sealed, sizes, strict=True)]
    yield from (int(statistics.median(sizes)), min(sizes), max(sizes), sum(sizes))
    yield from (ratio(sum(sealed), sum(sizes)), min(ratios), max(ratios))


def _bundle_table(shelf: SignedShelf) -> Table:
    files = shelf.files
    raw = make_bundle(files)
    content = sum(map(len, shelf.editions.values()))
    chosen = frozenset(files)

    def judge(raw: bytes) -> None:
        source = BundleSource.from_bytes(raw)
        report = verify(source, shelf.pinned(), DAY, DAY.date(), chosen=chosen)
        require_current(report, EDITIONS)

    steps: dict[str, Step] = {
        "make": lambda _: make_bundle(files),
        "read": BundleSource.from_bytes,
        "read and verify": judge,
        "seal": lambda raw: seal(raw, _SECRET),
    }
    rows: list[list[Cell]] = []
    for name, step in steps.items():
        milliseconds = _milliseconds(step, raw)
        rows.append([name, milliseconds, len(raw) / 1e3 / milliseconds])
    sealed = len(seal(raw, _SECRET))
    return Table(
        f"A bundle of {EDITIONS} editions, {len(raw):,} B: medians of {RUNS}",
        ["step", "median ms", "MB/s"],
        rows,
        notes=(f"It weighs {len(raw) / content:.3f} times its editions, sealed {sealed:,} B.",),
    )
