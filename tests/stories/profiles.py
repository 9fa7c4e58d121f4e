"""Searching a browser's profile the way an examiner's program would: every byte of every file.

What is looked into: raw bytes as UTF-8 and as UTF-16LE; what is behind every gzip, zlib and zstd
mark anywhere; the brotli bodies of the HTTP cache. Blind spot: blocks that LevelDB packed with
snappy, where a phrase that repeats an earlier one may be cut; a page's words would stand there
whole the first time.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import brotli
import zstandard

_CACHE_ENTRY: Final = bytes.fromhex("305c72a71b6dfbfc")
"""What a file of Chromium's simple cache begins with (net/disk_cache/simple)."""
_CACHE_HEADER_BYTES: Final = 24
_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_MOST_BYTES: Final = 4_000_000


def contents(profile: Path) -> Iterator[tuple[str, bytes]]:
    """Yield everything a profile holds, with where it is: file names, files, and what unpacks."""
    for path in sorted(profile.rglob("*")):
        name = str(path.relative_to(profile))
        yield f"the name {name}", name.encode("utf-8")
        if not path.is_file() or path.is_symlink():
            continue
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            continue  # an open browser removes its own temporary files
        yield name, raw
        for packed in _unpacked(raw):
            yield f"{name}, unpacked", packed


def _unpacked(raw: bytes) -> Iterator[bytes]:
    for found in re.finditer(re.escape(_GZIP), raw):
        yield _inflated(raw[found.start() :])
    for found in re.finditer(re.escape(_ZSTD), raw):
        yield _unzstd(raw[found.start() :])
    if raw.startswith(_CACHE_ENTRY):
        key_bytes = int.from_bytes(raw[12:16], "little")
        yield _unbrotli(raw[_CACHE_HEADER_BYTES + key_bytes :])


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed, _MOST_BYTES)
    except zlib.error:
        return b""


def _unzstd(packed: bytes) -> bytes:
    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    except zstandard.ZstdError:
        return b""


def _unbrotli(packed: bytes) -> bytes:
    """Unpack a stream that something else follows: a byte at a time, as far as it goes."""
    decoder = brotli.Decompressor()
    plain = bytearray()
    try:
        for index in range(len(packed)):
            plain += decoder.process(packed[index : index + 1])
            if decoder.is_finished():
                break
    except brotli.error:
        pass
    return bytes(plain)


def traces(profile: Path, phrases: Iterable[str]) -> dict[str, list[str]]:
    """Return the phrases that stand anywhere in a profile, each with the places it was found.

    Small and capital letters of English count as the same.
    """
    needles = [
        (phrase, phrase.encode(encoding).lower())
        for phrase in phrases
        for encoding in ("utf-8", "utf-16-le")
    ]
    found: dict[str, list[str]] = {}
    for place, raw in contents(profile):
        lowered = raw.lower()
        for phrase, needle in needles:
            if needle in lowered:
                found.setdefault(phrase, []).append(place)
    return found


_PATH: Final = re.compile(r"/(?:[0-9]+(?:/[0-9]*)?|(?!http)[A-Za-z%._-]{3,}[\w%./-]*)?")
"""What of an address can be told from the bytes that happen to stand after it in a database."""


def addresses(profile: Path, origin: str) -> set[str]:
    """Return every path below an origin that stands anywhere in a profile, as UTF-8 or UTF-16."""
    paths: set[str] = set()
    for _, raw in contents(profile):
        for encoding in ("utf-8", "utf-16-le"):
            for hit in re.finditer(re.escape(origin.encode(encoding)), raw):
                after = raw[hit.end() : hit.end() + 200].decode(encoding, "replace")
                if path := _PATH.match(after):
                    paths.add(path[0])
    return paths


def history(profile: Path) -> list[tuple[str, str]]:
    """Return the addresses and titles the browser's own history shows."""
    database = profile / "Default" / "History"
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
        return list(opened.execute("select url, title from urls"))
