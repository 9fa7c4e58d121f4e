"""Every file of a published tree, held against what is signed."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import brotli
import zstandard

from bojagi.building.artifact import DOWNLOADS
from bojagi.building.compression import SUFFIXES
from bojagi.building.shelf_pages import LIBRARY
from bojagi.building.tree import REPOSITORY
from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.services.trees import BUNDLE_ENDING
from bojagi.trust.bundle import BUNDLE_BYTES, BundleSource
from bojagi.trust.chain import CHAIN_BYTES, parse_chain
from bojagi.trust.client import TARGET_BYTES, Source
from bojagi.trust.page_list import LIST_BYTES, PageList
from bojagi.trust.verifier import Judgement, Report

_BUNDLES: Final = f"{LIBRARY}{DOWNLOADS}"
"""Where they stand, beside files that are listed: each must hold what the repository holds."""
_GZIP_EXTRAS: Final = slice(3, 8)
"""Where gzip says that it carries a name or a time (RFC 1952): ours carries none."""


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
    for folder, folders, names in os.walk(public):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in (*names, *links):
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
    if not file.is_file():
        return Verdict.NOT_OURS, "neither a file nor a folder"
    plain, coding = _plain_name(path)
    if coding:
        return _of_compressed(file, public / plain, coding)
    if path.startswith(REPOSITORY):
        return _of_repository(public, path.removeprefix(REPOSITORY), report)
    if path.startswith(_BUNDLES) and path.endswith(BUNDLE_ENDING):
        return _of_bundle(public / REPOSITORY, file)
    return _of_page(file, pages.pages.get(path))


def _of_page(file: Path, expected: str | None) -> tuple[Verdict, str] | None:
    if expected is None:
        return Verdict.NOT_OURS, "no list that was signed names it"
    if sha256(_read(file)).hexdigest() != expected:
        return Verdict.DAMAGED, "not the bytes that were signed"
    return None


def _of_compressed(file: Path, plain: Path, coding: str) -> tuple[Verdict, str] | None:
    """Say what is wrong with a compressed form: it must hold just what stands beside it."""
    if not plain.is_file():
        return Verdict.NOT_OURS, "a compressed form of nothing"
    expected = _read(plain, BUNDLE_BYTES)
    if _unpacked(_read(file, BUNDLE_BYTES), coding, len(expected)) != expected:
        return Verdict.DAMAGED, f"it holds something else than {plain.name}"
    return None


def _of_repository(public: Path, path: str, report: Report) -> tuple[Verdict, str] | None:
    """Say what is wrong with a file of the repository that reading it in order didn't meet."""
    folder = public / REPOSITORY
    if path.startswith("metadata/chain/"):
        chain = parse_chain(_read(folder / path, CHAIN_BYTES))
        return _differing(folder, {f"metadata/{name}": data for name, data in chain.items()})
    is_withdrawal = path.startswith("targets/w/") and not (folder / path).stat().st_size
    if path.startswith("metadata/") or path in report.files or is_withdrawal:
        return None
    return Verdict.NOT_OURS, "nobody signed it"


def _of_bundle(repository: Path, file: Path) -> tuple[Verdict, str] | None:
    """Say what is wrong with a bundle that is offered beside its repository."""
    return _differing(repository, BundleSource.from_bytes(_read(file, BUNDLE_BYTES)).files)


def _differing(repository: Path, files: Mapping[str, bytes]) -> tuple[Verdict, str] | None:
    for name, data in files.items():
        file = repository / name
        if not file.is_file() or _read(file, len(data)) != data:
            return Verdict.DAMAGED, f"it holds another {name} than the repository"
    return None


def _read(file: Path, limit: int = TARGET_BYTES) -> bytes:
    """Read a file, and no more of it than anything of ours may weigh."""
    with file.open("rb") as opened:
        data = opened.read(limit + 1)
    if len(data) > limit:
        raise TrustError(Verdict.DAMAGED, f"{file.name} is longer than the {limit} bytes it may be")
    return data


def _plain_name(path: str) -> tuple[str, str]:
    for coding, suffix in SUFFIXES.items():
        if path.endswith(suffix):
            return path.removesuffix(suffix), coding
    return path, ""


def _unpacked(raw: bytes, coding: str, limit: int) -> bytes | None:
    """Unpack a compressed form, and no more of it than a little over what is expected.

    Returns:
        None when it isn't whole, or something stands behind it that another reader might unpack.
    """
    if coding == "gzip":
        unpacker = zlib.decompressobj(wbits=31)
        unpacked: bytes = unpacker.decompress(raw, limit + 1)
        is_whole = unpacker.eof and not unpacker.unused_data and not any(raw[_GZIP_EXTRAS])
        return unpacked if is_whole else None
    if coding == "br":
        reader = brotli.Decompressor()
        unpacked = reader.process(raw, output_buffer_limit=limit + 1)
        return unpacked if reader.is_finished() else None
    if zstandard.frame_content_size(raw) != limit:
        return None
    return zstandard.ZstdDecompressor().decompress(raw, allow_extra_data=False)
