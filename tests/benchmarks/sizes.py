"""What the same articles weigh in our forms, packed by others, and as EPUB and ZIM."""

from __future__ import annotations

import gzip
import lzma
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import brotli
import zstandard
from tests.benchmarks import servers
from tests.benchmarks.renditions import (
    HEADLINE,
    Sample,
    documents,
    epub,
    html_text,
    plain_text,
    samples,
    without_pictures,
    write_zim,
)
from tests.benchmarks.reporting import Cell, Report, Table, progress, ratio
from tests.making import DAY, OPEN_GATE

from bojagi.authoring.library import Library, read_library
from bojagi.building.artifact import HEADER_BYTES
from bojagi.domain.limits import FIRST_READ_BYTES
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo
from bojagi.settings import Settings
from bojagi.web.shelves import MountedShelf, mount_shelves

PPMD_ORDERS: Final = (3, 4, 5, 6, 8, 10, 12, 16)
PPMD_MEMORY: Final = 16 << 20

Pack = Callable[[bytes], int]
"""Bytes in, their packed size out."""


@dataclass(frozen=True)
class Wire:
    """What a list and its first article weigh on the wire, headers and all."""

    listing: int
    first: int
    headers: int

    @property
    def both(self) -> int:
        return self.listing + self.first


@dataclass(frozen=True)
class Weights:
    """What one edition weighs in each form, in bytes; None where a form isn't there."""

    sample: Sample
    forms: Mapping[str, Mapping[str, int]]
    ppmd_order: int
    files: Mapping[str, int]
    wire: Mapping[str, Wire]

    @property
    def unit(self) -> int:
        """The text under brotli -11, which is 1.00."""
        return self.forms["plain text"]["brotli -11"]


def run(report: Report) -> None:
    """Measure every edition of the repository."""
    library = read_library(servers.ROOT)
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name:
        folder = Path(name)
        wires = _wires(library, folder)
        weights = []
        for sample in samples(library):
            progress(f"sizes of {sample.name}")
            weights.append(_weigh(sample, folder, wires.get(sample.name, {})))
    headline = next(each for each in weights if each.sample.name == HEADLINE)
    report.add(_matrix(headline))
    report.add(_summary(weights))
    report.add(_wire_table(weights))


def packers() -> dict[str, Pack]:
    """Return every packer of one piece of bytes, in the order of the tables."""
    found: dict[str, Pack] = {
        "plain": len,
        "gzip -9": lambda raw: len(gzip.compress(raw, 9, mtime=0)),
        "zstd -19": lambda raw: len(zstandard.ZstdCompressor(level=19).compress(raw)),
        "brotli -11": lambda raw: len(brotli.compress(raw, mode=brotli.MODE_TEXT, quality=11)),
        "xz -9e": lambda raw: len(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)),
    }
    try:
        import pyppmd  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        return found
    return {**found, "PPMd": lambda raw: min(ppmd_sizes(raw).values())}


def ppmd_sizes(raw: bytes) -> dict[int, int]:
    """Return the size under PPMd var. H (the one of 7z) for each model order."""
    import pyppmd

    sizes = {}
    for order in PPMD_ORDERS:
        encoder = pyppmd.Ppmd7Encoder(order, PPMD_MEMORY)
        sizes[order] = len(encoder.encode(raw) + encoder.flush())
    return sizes


def _weigh(sample: Sample, folder: Path, wire: Mapping[str, Wire]) -> Weights:
    edition, press = sample.edition, sample.press
    texts = {
        "plain text": plain_text(edition),
        "articles as HTML": html_text(edition),
        "  without pictures": without_pictures(html_text(edition)),
        "edition": edition.to_bytes().decode("utf-8"),
        "one-file HTML": press.file(edition, edition.articles),
    }
    forms = {
        name: {packer: pack(text.encode("utf-8")) for packer, pack in packers().items()}
        for name, text in texts.items()
    }
    orders = ppmd_sizes(texts["plain text"].encode("utf-8")) if "PPMd" in packers() else {0: 0}
    return Weights(sample, forms, min(orders, key=orders.__getitem__), _files(sample, folder), wire)


def _files(sample: Sample, folder: Path) -> dict[str, int]:
    sizes = {"EPUB": len(epub(sample))}
    pages, pictures = documents(sample)
    for name, indexed in {"ZIM": False, "ZIM with index": True}.items():
        path = folder / f"{sample.number}-{indexed:d}-{sample.shelf.code}.zim"
        try:
            sizes[name] = write_zim(path, pages, pictures, sample.tag, indexed=indexed)
        except ModuleNotFoundError:
            progress("no libzim: ZIM is left out")
    return sizes


def _matrix(weights: Weights) -> Table:
    columns = ["form", *packers()]
    rows: list[list[Cell]] = []
    for form, sizes in weights.forms.items():
        rows.append([form, *sizes.values()])
        rows.append(["  ratio", *(ratio(size, weights.unit) for size in sizes.values())])
    alone = len(columns) - 2
    for form, size in weights.files.items():
        rows.append([form, size, *[None] * alone])
        rows.append(["  ratio", ratio(size, weights.unit), *[None] * alone])
    return Table(
        f"Sizes of {weights.sample.name}, {len(weights.sample.edition.articles)} articles, bytes"
        " (ratio: brotli -11 of the plain text = 1.00)",
        columns,
        rows,
        notes=("PPMd is left out: pyppmd is missing.",)
        if "PPMd" not in columns
        else (
            f"PPMd: variant H, 16 MB, for each text the best of the orders {PPMD_ORDERS};",
            f"for the plain text that is {weights.ppmd_order}.",
        ),
    )


def _summary(all_weights: list[Weights]) -> Table:
    def cells(weights: Weights) -> list[Cell]:
        forms, unit = weights.forms, weights.unit
        chosen = [
            forms["plain text"].get("PPMd", 0),
            forms["articles as HTML"]["brotli -11"],
            forms["  without pictures"]["brotli -11"],
            forms["edition"]["brotli -11"],
            forms["edition"]["zstd -19"],
            forms["one-file HTML"]["brotli -11"],
            *(weights.files.get(name, 0) for name in ("EPUB", "ZIM", "ZIM with index")),
        ]
        return [
            weights.sample.name,
            unit,
            *(ratio(size, unit) if size else None for size in chosen),
        ]

    return Table(
        "The same for every edition: ratios to brotli -11 of its plain text",
        [
            *(
                "edition",
                "text, bytes",
                "PPMd",
                "HTML br",
                "no pictures",
                "edition br",
                "edition zstd",
            ),
            *("one file br", "EPUB", "ZIM", "ZIM + index"),
        ],
        [cells(weights) for weights in all_weights],
        notes=(
            "The plain text has no pictures and no sources; 'edition', EPUB and ZIM have pictures,",
            "and editions for settled readers and staff have sources.",
        ),
    )


def _wires(library: Library, folder: Path) -> dict[str, dict[str, Wire]]:
    """Ask a live server for the list and the first article of every edition that has pages."""
    data = folder / "data"
    publish_demo(library, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
    shelves = mount_shelves(Settings(data))
    with servers.ours(data) as server:
        return {
            sample.name: {
                coding: _wire(server.port, sample, shelf, coding) for coding in ("br", "gzip")
            }
            for sample in samples(library)
            for shelf in shelves
            if shelf.public.parents[1].name == sample.shelf.code
            and f"{sample.number}" in shelf.routes
        }


def _wire(port: int, sample: Sample, shelf: MountedShelf, coding: str) -> Wire:
    note_first = f"{sample.number}/0" in shelf.routes
    listing = f"{sample.number}/0" if note_first else f"{sample.number}"
    first = f"{sample.number}/{sample.edition.articles[0].number}"
    answers = [
        servers.get(port, shelf.prefix + address, Accept_Encoding=coding)
        for address in (listing, first)
    ]
    if any(answer.status != 200 for answer in answers):
        raise RuntimeError(f"{sample.name}: the server doesn't answer its pages")
    headers = max(answer.wire_bytes - len(answer.body) for answer in answers)
    return Wire(answers[0].wire_bytes, answers[1].wire_bytes, headers)


def _wire_table(all_weights: list[Weights]) -> Table:
    rows: list[list[Cell]] = [
        [weights.sample.name, coding, wire.listing, wire.first, wire.headers, wire.both]
        for weights in all_weights
        for coding, wire in weights.wire.items()
    ]
    return Table(
        "List and first article from our live server, bytes of the answers, headers included",
        ["edition", "coding", "list", "first article", "headers of one", "both"],
        rows,
        notes=(
            f"Limit of both: {FIRST_READ_BYTES:,} B, with {HEADER_BYTES} B reckoned for headers.",
            "Without TLS. Editions that no open page may carry are not here.",
        ),
    )
