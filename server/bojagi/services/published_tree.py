"""Every file of a published tree, held against what is signed."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import brotli
import zstandard

from bojagi.building.compression import SUFFIXES
from bojagi.building.tree import REPOSITORY
from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.chain import CHAIN_BYTES, parse_chain
from bojagi.trust.client import Source
from bojagi.trust.page_list import LIST_BYTES, PageList
from bojagi.trust.verifier import Judgement, Report

_UNLISTED: Final = ("library/files/",)
"""Bundles stand here beside listed files; each proves itself."""


def strange_files(public: Path, source: Source, report: Report) -> Iterator[Judgement]:
    """Yield a judgement for each file of a tree that isn't what was signed.

    Args:
        public: the tree's public folder.
        source: its repository.
        report: what is known of the repository; its snapshot names the list of pages.
    """
    try:
        pages = _list(source, report)
    except TrustError as error:
        yield Judgement("pages", error.verdict, reason=error.reason)
        return
    found = set()
    for folder, _, names in os.walk(public):
        for name in names:
            found.add(Path(folder, name).relative_to(public).as_posix())
    for path in sorted(found):
        try:
            problem = _problem(public, path, pages, report)
        except (OSError, ValueError, EOFError, zlib.error, brotli.error, zstandard.ZstdError):
            problem = Verdict.DAMAGED, "it can't be read as what its name says"
        except TrustError as error:
            problem = error.verdict, error.reason
        if problem:
            yield Judgement(path, problem[0], reason=problem[1])
    for path in sorted(set(pages.pages) - found):
        yield Judgement(path, Verdict.DAMAGED, reason=f"{path} is missing")


def _list(source: Source, report: Report) -> PageList:
    if report.pages is None:
        raise TrustError(Verdict.NOT_OURS, "the snapshot names no list of pages")
    name, digest = report.pages
    raw = source.read(name, LIST_BYTES)
    if raw is None:
        raise TrustError(Verdict.DAMAGED, f"{name} is missing")
    return PageList.from_bytes(raw, digest)


def _problem(
    public: Path, path: str, pages: PageList, report: Report
) -> tuple[Verdict, str] | None:
    """Say what is wrong with one file; None when it is what was signed, or proves itself."""
    file = public / path
    if file.is_symlink():
        return Verdict.NOT_OURS, "a link, where files stand"
    plain, coding = _plain_name(path)
    if coding:
        return _of_compressed(file, public / plain, coding)
    if path.startswith(REPOSITORY):
        return _of_repository(public, path.removeprefix(REPOSITORY), report)
    if path.startswith(_UNLISTED) and path.endswith(".zip"):
        return None
    return _of_page(file, pages.pages.get(path))


def _of_page(file: Path, expected: str | None) -> tuple[Verdict, str] | None:
    if expected is None:
        return Verdict.NOT_OURS, "no list that was signed names it"
    if sha256(file.read_bytes()).hexdigest() != expected:
        return Verdict.DAMAGED, "not the bytes that were signed"
    return None


def _of_compressed(file: Path, plain: Path, coding: str) -> tuple[Verdict, str] | None:
    """Say what is wrong with a compressed form: it must hold just what stands beside it."""
    if not plain.is_file():
        return Verdict.NOT_OURS, "a compressed form of nothing"
    expected = plain.read_bytes()
    if _unpacked(file, coding, len(expected)) != expected:
        return Verdict.DAMAGED, f"it holds something else than {plain.name}"
    return None


def _of_repository(public: Path, path: str, report: Report) -> tuple[Verdict, str] | None:
    """Say what is wrong with a file of the repository that reading it in order didn't meet."""
    folder = public / REPOSITORY
    if path.startswith("metadata/chain/"):
        for name, data in parse_chain((folder / path).read_bytes()[: CHAIN_BYTES + 1]).items():
            if not (folder / "metadata" / name).is_file() or (
                (folder / "metadata" / name).read_bytes() != data
            ):
                return Verdict.DAMAGED, f"it holds another {name} than the repository"
        return None
    is_withdrawal = path.startswith("targets/w/") and not (folder / path).read_bytes()
    if path.startswith("metadata/") or path in report.files or is_withdrawal:
        return None
    return Verdict.NOT_OURS, "nobody signed it"


def _plain_name(path: str) -> tuple[str, str]:
    for coding, suffix in SUFFIXES.items():
        if path.endswith(suffix):
            return path.removesuffix(suffix), coding
    return path, ""


def _unpacked(file: Path, coding: str, limit: int) -> bytes:
    """Unpack a compressed form, and no more of it than a little over what is expected."""
    raw = file.read_bytes()
    if coding == "gzip":
        unpacked: bytes = zlib.decompressobj(wbits=31).decompress(raw, limit + 1)
    elif coding == "br":
        unpacked = brotli.Decompressor().process(raw, output_buffer_limit=limit + 1)
    else:
        with zstandard.ZstdDecompressor().stream_reader(BytesIO(raw)) as reader:
            unpacked = reader.read(limit + 1)
    return unpacked
