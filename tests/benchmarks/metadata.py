"""What the signed metadata of one locale weighs, however many editions others have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tests.benchmarks.reporting import Cell, Report, Table, progress, ratio
from tests.benchmarks.signed_shelves import EDITIONS, OURS, PLACES, PUBLISHER, SignedShelf

from bojagi.building.compression import compressed_variants, packed_size
from bojagi.trust.chain import make_chain, parse_chain
from bojagi.trust.plan import role_name
from bojagi.trust.repository import TIMESTAMP_FILE

AIM: Final = 5000
SIZES: Final = (20, 200, 1000)
_RANDOM: Final = re.compile(rb"[0-9a-f]{64,}")


def add_tables(report: Report) -> None:
    """Weigh the chains of shelves of every size."""
    sizes = [size for size in SIZES if size < max(SIZES) or not report.quick]
    progress("weighing metadata")
    report.add(_sizes_table(sizes))
    report.add(_others_table(sizes))


def _alone(editions: int) -> list[int]:
    return [editions, *[0] * (PLACES - 1)]


def _sizes_table(sizes: list[int]) -> Table:
    cases: dict[str, tuple[SignedShelf, int | None]] = {}
    for size in sizes:
        aim = AIM if size == EDITIONS else None
        spread = SignedShelf.spread([size // PLACES] * PLACES)
        cases[f"{size:,} over all locales"] = spread, aim
        cases[f"{size:,} in our locale"] = SignedShelf.spread(_alone(size)), aim
    more = {
        f"{EDITIONS} called back": SignedShelf.spread(_alone(EDITIONS), EDITIONS),
        "8 locales more": SignedShelf.spread(_alone(EDITIONS), places=PLACES + 8),
        "5 organisations": SignedShelf.spread(_alone(EDITIONS), organisations=5),
        "4 roots since": _renewed(4),
    }
    cases |= {f"{EDITIONS} in our locale, {what}": (shelf, AIM) for what, shelf in more.items()}
    return Table(
        "Metadata of one shelf and locale beyond the pinned root: its chain as it is served, bytes"
        f" (aim: {AIM:,} for {EDITIONS} editions)",
        [
            *("editions", "in our locale", "plain", "brotli", "zstd", "gzip", "aim"),
            *("brotli to aim", "random", "as single files", "chain to them"),
        ],
        [list(_row(name, *case)) for name, case in cases.items()],
        notes=(
            "random: digests, keys and signatures, which nothing can pack below their bytes.",
            "as single files: the same files, each packed alone by brotli.",
            f"Beside it goes {TIMESTAMP_FILE}, {_timestamp_bytes()} B as brotli.",
        ),
    )


def _renewed(times: int) -> SignedShelf:
    """Sign a shelf again and again, each time with a new root."""
    shelf = SignedShelf.spread(_alone(EDITIONS))
    for _ in range(times):
        shelf.renew_root()
    return shelf


def _timestamp_bytes() -> int:
    return packed_size(SignedShelf.spread(_alone(1)).repository.files[TIMESTAMP_FILE])


def _row(name: str, shelf: SignedShelf, aim: int | None) -> Iterator[Cell]:
    chain = make_chain(shelf.repository, OURS)
    packed = compressed_variants(chain)
    alone = sum(packed_size(data) for data in parse_chain(chain).values())
    random = sum(len(found) // 2 for found in set(_RANDOM.findall(chain)))
    ours = len(shelf.offered[role_name(PUBLISHER, OURS)])
    brotli = len(packed[".br"])
    yield from (name, ours, len(chain), brotli, len(packed[".zst"]), len(packed[".gz"]))
    yield from (aim, ratio(brotli, aim) if aim else None)
    yield from (random, alone, ratio(brotli, alone))


def _others_table(sizes: list[int]) -> Table:
    rows: list[list[Cell]] = []
    for size in sizes:
        others = (size - EDITIONS) // (PLACES - 1)
        shelf = SignedShelf.spread([EDITIONS, *[others] * (PLACES - 1)])
        chain = packed_size(make_chain(shelf.repository, OURS))
        whole = sum(packed_size(data) for data in shelf.repository.files.values())
        rows.append([size, size - EDITIONS, chain, whole])
    first = rows[0]
    return Table(
        f"The chain of a locale of {EDITIONS} editions as other locales grow, brotli, bytes"
        " (aim: it stays as it is, 1.00)",
        ["editions", "in other locales", "chain", "to the first", "all metadata", "to the first"],
        [
            [size, others, chain, _to(chain, first[2]), whole, _to(whole, first[3])]
            for size, others, chain, whole in rows
        ],
        digits=3,
    )


def _to(value: Cell, first: Cell) -> float | None:
    return ratio(float(value or 0), float(first or 0))
