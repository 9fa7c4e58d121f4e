"""Text files compressed once, at build, for every client's taste; the same bytes every time."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Final

import brotli
import zstandard

SUFFIXES: Final[Mapping[str, str]] = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}
"""Content coding (RFC 9110, section 8.4.1; RFC 8878) to the ending of its file."""

_BROTLI_QUALITY: Final = 11
_ZSTD_LEVEL: Final = 19
_GZIP_LEVEL: Final = 9


def compressed_variants(content: bytes) -> dict[str, bytes]:
    """Return the compressed forms by the ending of their files; none that isn't smaller."""
    variants = {
        ".br": brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY),
        ".zst": zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(content),
        ".gz": gzip.compress(content, _GZIP_LEVEL, mtime=0),
    }
    return {suffix: packed for suffix, packed in variants.items() if len(packed) < len(content)}


def packed_size(content: bytes) -> int:
    """Return the weight of a text after brotli, which is what budgets are about."""
    return len(brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY))
