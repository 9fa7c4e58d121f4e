"""Pictures: nothing but pixels, each one named, none missing.

Source: Portable Network Graphics, third edition (W3C, 2025): the signature in section 5.2, chunks
in 5.3, the image data in 7 and 10, what ends the file in 11.2.5.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.rule import Rule, StretchKind, Surroundings
from bojagi.authoring.checks.stretches import resolve, stretches_of
from bojagi.domain import limits
from bojagi.domain.finding import Place, Severity

if TYPE_CHECKING:
    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.domain.finding import Finding

PICTURE_NOT_PNG: Final = Rule(
    "picture-not-png",
    Severity.BLOCK,
    "Not a whole PNG picture: {found}",
    "Save the picture anew as PNG.",
    "Pictures that are whole and show something else than their words say.",
    example="images/gloves.jpg",
)
PICTURE_TRACE: Final = Rule(
    "picture-trace",
    Severity.BLOCK,
    "The picture holds more than pixels: {found}",
    "Save it without metadata: such parts can name a place, a time, a camera or a program.",
    "What the pixels themselves show or hide: faces, places, papers, QR codes, watermarks.",
    example="a tEXt part that names a camera",
)
PICTURE_HUGE: Final = Rule(
    "picture-huge",
    Severity.BLOCK,
    "The picture has too many pixels: {found}",
    "Make it smaller; readers get at most 640 pixels a side.",
    "How clear it stays when it is made small.",
    example="9000 x 9000",
)
PICTURE_MISSING: Final = Rule(
    "picture-missing",
    Severity.BLOCK,
    "The picture {found} isn't in the pack.",
    "Put it into images/, or correct its name.",
    "A picture of that name that is the wrong one.",
    example="![](images/gone.png)",
)
PICTURE_UNUSED: Final = Rule(
    "picture-unused",
    Severity.WARN,
    "No article shows the picture {found}.",
    "Show it, or take it out of images/.",
    "A picture shown without need.",
    example="images/old.png",
)
RULES: Final = (PICTURE_NOT_PNG, PICTURE_TRACE, PICTURE_HUGE, PICTURE_MISSING, PICTURE_UNUSED)

_NO_START: Final = "it doesn't begin as one"
_CUT_OFF: Final = "it is cut off"
_NO_HEADER: Final = "its header is missing"
_TWO_HEADERS: Final = "it has two headers"
_BAD_HEADER: Final = "its header makes no sense"
_NO_PIXELS: Final = "it has no pixels"
_PARTED: Final = "its pixels are missing or parted"
_BAD_END: Final = "its end isn't empty"
_UNREADABLE: Final = "its pixels can't be read"
_TOO_FEW: Final = "some of its pixels are missing"
_DAMAGED: Final = "one of its parts is damaged"
_AFTER_END: Final = "data after its end"
_BEHIND_PIXELS: Final = "data behind the pixels"
FRAGMENTS: Final = (
    _NO_START,
    _CUT_OFF,
    _NO_HEADER,
    _TWO_HEADERS,
    _BAD_HEADER,
    _NO_PIXELS,
    _PARTED,
    _BAD_END,
    _UNREADABLE,
    _TOO_FEW,
    _DAMAGED,
    _AFTER_END,
    _BEHIND_PIXELS,
)
"""What findings about pictures say was found."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PIXELS_ONLY: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {
    0: {1, 2, 4, 8, 16},
    2: {8, 16},
    3: {1, 2, 4, 8},
    4: {8, 16},
    6: {8, 16},
}
_HEADER_BYTES: Final = 13
_ADAM7: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


class _BrokenError(Exception):
    """Where a picture stops being a PNG."""


@dataclass(frozen=True)
class _Chunk:
    name: bytes
    data: bytes


@dataclass(frozen=True)
class _Header:
    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    def data_bytes(self) -> int:
        """Count the bytes of the scan lines, each with its filter byte."""
        bits = self.depth * _CHANNELS[self.colour]
        if not self.interlaced:
            return self.height * (1 + (self.width * bits + 7) // 8)
        total = 0
        for x, y, step_x, step_y in _ADAM7:
            columns = (self.width - x + step_x - 1) // step_x
            rows = (self.height - y + step_y - 1) // step_y
            if columns > 0 and rows > 0:
                total += rows * (1 + (columns * bits + 7) // 8)
        return total


def check_picture_files(folder: PackFolder, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check every picture's bytes."""
    for name, raw in folder.pack.images.items():
        place = Place(f"{folder.name}/{name}")
        try:
            chunks, rest = _chunks(raw)
            header = _header(chunks)
        except _BrokenError as error:
            yield PICTURE_NOT_PNG.at(place, str(error))
            continue
        names = [chunk.name.decode("ascii") for chunk in chunks if chunk.name not in _PIXELS_ONLY]
        if names:
            yield PICTURE_TRACE.at(place, ", ".join(dict.fromkeys(names)))
        if rest:
            yield PICTURE_TRACE.at(place, _AFTER_END)
        pixels = header.width * header.height
        if pixels > limits.SOURCE_IMAGE_PIXELS:
            yield PICTURE_HUGE.at(place, f"{header.width} x {header.height}")
        else:
            try:
                if _has_hidden_data(chunks, header):
                    yield PICTURE_TRACE.at(place, _BEHIND_PIXELS)
            except _BrokenError as error:
                yield PICTURE_NOT_PNG.at(place, str(error))


def check_picture_names(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check that every picture named is there, and that every one there is named."""
    used: set[str] = set()
    for stretch in stretches_of(folder, surroundings.library):
        if stretch.kind is not StretchKind.PASSAGE or "![" not in stretch.raw:
            continue
        for name in resolve(stretch.raw).pictures:
            used.add(name)
            if name not in folder.pack.images:
                yield PICTURE_MISSING.at(stretch.place(max(stretch.raw.find(name), 0)), name)
    for name in folder.pack.images:
        if name not in used:
            yield PICTURE_UNUSED.at(Place(f"{folder.name}/{name}"), name)


def _chunks(raw: bytes) -> tuple[list[_Chunk], bytes]:
    """Split a file into its chunks and what follows the last one."""
    if not raw.startswith(_SIGNATURE):
        raise _BrokenError(_NO_START)
    chunks: list[_Chunk] = []
    at = len(_SIGNATURE)
    while not chunks or chunks[-1].name != b"IEND":
        length = int.from_bytes(raw[at : at + 4])
        name, data = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]
        check = raw[at + 8 + length : at + 12 + length]
        if len(check) != len(b"CRC ") or not name.isalpha():
            raise _BrokenError(_CUT_OFF)
        if int.from_bytes(check) != zlib.crc32(name + data):
            raise _BrokenError(_DAMAGED)
        chunks.append(_Chunk(name, data))
        at += length + 12
    return chunks, raw[at:]


def _header(chunks: list[_Chunk]) -> _Header:
    first = chunks[0]
    if first.name != b"IHDR" or len(first.data) != _HEADER_BYTES:
        raise _BrokenError(_NO_HEADER)
    if [chunk.name for chunk in chunks].count(b"IHDR") > 1:
        raise _BrokenError(_TWO_HEADERS)
    depth, colour, compression, filtering, interlace = first.data[8:]
    header = _Header(
        int.from_bytes(first.data[:4]),
        int.from_bytes(first.data[4:8]),
        depth,
        colour,
        bool(interlace),
    )
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise _BrokenError(_BAD_HEADER)
    if not header.width or not header.height:
        raise _BrokenError(_NO_PIXELS)
    places = [index for index, chunk in enumerate(chunks) if chunk.name == b"IDAT"]
    if not places or any(b - a != 1 for a, b in pairwise(places)):
        raise _BrokenError(_PARTED)
    if chunks[-1].data:
        raise _BrokenError(_BAD_END)
    return header


def _has_hidden_data(chunks: list[_Chunk], header: _Header) -> bool:
    """Whether something stands behind the pixels inside the compressed data.

    Inflates no more than the pixels may take.
    """
    expected = header.data_bytes()
    inflating = zlib.decompressobj()
    try:
        data = inflating.decompress(
            b"".join(chunk.data for chunk in chunks if chunk.name == b"IDAT"), expected + 1
        )
    except zlib.error as error:
        raise _BrokenError(_UNREADABLE) from error
    if len(data) < expected:
        raise _BrokenError(_TOO_FEW)
    if len(data) > expected:
        return True
    inflating.decompress(inflating.unconsumed_tail, 1)
    return bool(inflating.unused_data)


FOLDER_CHECKS: Final = (check_picture_files, check_picture_names)
