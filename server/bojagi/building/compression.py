"""Text files compressed once, at build, for every client's taste; the same bytes every time."""

from __future__ import annotations

import gzip
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import brotli
import zstandard

SUFFIXES: Final[Mapping[str, str]] = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}
"""Content coding (RFC 9110, section 8.4.1; RFC 8878) to the ending of its file."""

_BROTLI_QUALITY: Final = 11
_ZSTD_LEVEL: Final = 19
_GZIP_LEVEL: Final = 9
_GZIP_SYSTEM: Final = 9


def compressed_variants(content: bytes) -> dict[str, bytes]:
    """Return the compressed forms by the ending of their files; none that isn't smaller."""
    variants = {
        ".br": brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY),
        ".zst": zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(content),
        ".gz": _without_system(gzip.compress(content, _GZIP_LEVEL, mtime=0)),
    }
    return {suffix: packed for suffix, packed in variants.items() if len(packed) < len(content)}


def _without_system(packed: bytes) -> bytes:
    """Say "unknown" where gzip names the system it ran on (RFC 1952, section 2.3.1)."""
    return packed[:_GZIP_SYSTEM] + b"\xff" + packed[_GZIP_SYSTEM + 1 :]


def with_compressed(texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return text files with their compressed forms beside them, by path.

    The compressors let go of the interpreter, so they share the machine's processors.
    """
    files = dict(texts)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        packed_texts = pool.map(compressed_variants, texts.values())
        for path, variants in zip(texts, packed_texts, strict=True):
            files.update((path + suffix, packed) for suffix, packed in variants.items())
    return files


def packed_size(content: bytes) -> int:
    """Return the weight of a text after brotli, which is what budgets are about."""
    return len(brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY))
