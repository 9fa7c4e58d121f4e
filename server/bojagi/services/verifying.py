"""Verifying what somebody holds: a folder, a stick, a bundle, a file, or a host.

    a repository     `metadata/` and `targets/`, in a folder, in a tree's, or on a host
    a bundle         one file; sealed ones need the shelf's key or a passphrase
    a file           a one-file rendition, by the lists of files that were seen before
    a stick          a folder of any of these, looked through to a limited depth

What always holds: nothing is written but the verifier's own memory, nothing outside the folder is
read, and what can't be believed is never opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import AnotherKeyError, InvalidValueError, NothingOursError
from bojagi.services.published_tree import strange_files
from bojagi.services.strangers import strange_targets, strangers_in_bundle, with_judgements
from bojagi.trust.bundle import BUNDLE_BYTES, BundleSource, is_bundle
from bojagi.trust.client import Source
from bojagi.trust.memory import FolderMemory
from bojagi.trust.page_list import LIST_BYTES, MadeOf, PageList
from bojagi.trust.pins import Pins
from bojagi.trust.sealing import is_sealed, needs_passphrase, open_sealed, open_with_passphrase
from bojagi.trust.shelf_key import ShelfKey
from bojagi.trust.sources import FolderSource, UrlSource
from bojagi.trust.verifier import Judgement, Report, standing_in_memory, verify

STICK_FILES: Final = 5000
STICK_LEVELS: Final = 6
FILE_BYTES: Final = BUNDLE_BYTES + 8192
_FILES: Final = "files"
"""What the memory keeps the lists of files under; no role of ours has this name."""


@dataclass(frozen=True)
class Keys:
    """What sealed things are opened with.

    Attributes:
        shelf_keys: gives the keys of shelves that were given in person; asked only for what is
        sealed. passphrase: asks for the passphrase of a sealed bundle.
    """

    shelf_keys: Callable[[], tuple[ShelfKey, ...]] = tuple
    passphrase: Callable[[], str] | None = None


@dataclass(frozen=True)
class Checked:
    """One thing that was verified.

    Attributes:
        name: where it is, as it was given.
        kind: repository, bundle or file.
        pin: the short name of the pinned root it was held against; empty when none fits.
    """

    name: str
    kind: str
    report: Report
    pin: str = ""


@dataclass(frozen=True)
class Verifier:
    """Verifies for one person, with their pinned roots and their memory.

    Args:
        pins: the pinned roots, each with its memory.
        keys: what sealed things are opened with.
        clock: what the device says the time is.
        built: the day this program was built.
        others: files that are nothing of ours; verifying adds to them.
        locked: sealed bundles that no key at hand opens; verifying adds to them.
    """

    pins: Pins
    keys: Keys
    clock: datetime
    built: date
    others: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)

    def verify(self, what: str) -> list[Checked]:
        """Verify what is at a path or an address.

        Raises:
            NothingOursError: when there is nothing there that could be verified.
            AnotherKeyError: for a sealed bundle that no key at hand opens.
            UnreachableError: for a host that can't be read.
        """
        if what.startswith(("http://", "https://")):
            with closing(self._at_host(what)) as source:
                return [self._repository(what, source)]
        path = Path(what)
        if path.is_file():
            checked = self._file(path, what)
            if self.locked:
                raise AnotherKeyError
            if checked is None:
                raise NothingOursError(f"{what} is neither a bundle nor an HTML file of ours")
            return [checked]
        if not path.is_dir():
            raise NothingOursError(f"{what} is no folder, no file and no address")
        found = list(self._folder(path, what))
        if not found and not self.locked:
            raise NothingOursError(f"there is nothing of ours in {what}")
        return found

    def _at_host(self, address: str) -> UrlSource:
        base = address.rstrip("/")
        return UrlSource(base if base.endswith("/repository") else f"{base}/repository")

    def _folder(self, path: Path, name: str, level: int = 0) -> Iterator[Checked]:
        if (path / "repository" / "metadata").is_dir():
            yield self._repository(name, FolderSource(path / "repository"), path)
            return  # every file of a tree was looked at
        looked_at: set[str] = set()
        if (path / "metadata").is_dir():
            yield self._repository(name, FolderSource(path))
            looked_at = {"metadata", "targets"}
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            raise InvalidValueError("folder", name, f"one that can be read: {error}") from error
        for entry in entries:
            if len(self.others) > STICK_FILES:
                raise InvalidValueError("stick", name, f"at most {STICK_FILES} files")
            if entry.name not in looked_at:
                yield from self._entry(entry, f"{name.rstrip('/')}/{entry.name}", level)

    def _entry(self, entry: os.DirEntry[str], name: str, level: int) -> Iterator[Checked]:
        """Verify what one entry of a folder is; links are followed nowhere."""
        checked = None
        if entry.is_dir(follow_symlinks=False) and level < STICK_LEVELS:
            yield from self._folder(Path(entry.path), name, level + 1)
            return
        if entry.is_file(follow_symlinks=False):
            checked = self._file(Path(entry.path), name)
        if checked is not None:
            yield checked
        elif name not in self.locked:
            self.others.append(name)

    def _file(self, path: Path, name: str) -> Checked | None:
        """Verify a file; None when it is nothing of ours."""
        try:
            with path.open("rb") as opened:
                raw = opened.read(FILE_BYTES + 1)
        except OSError as error:
            reason = f"it can't be read: {error.strerror}"
            return Checked(name, "file", Report((), Verdict.DAMAGED, reason))
        if is_bundle(raw) or is_sealed(raw):
            return self._bundle(name, raw)
        known = self._known(sha256(raw).hexdigest())
        if known is None and path.suffix.lower() not in {".html", ".htm"}:
            return None
        if known is None:
            reason = (
                "no list that was seen here names it: verify the shelf's address or a copy first"
            )
            return Checked(name, "file", Report((), Verdict.NOT_OURS, reason))
        pin, memory, made = known
        verdict, reason = standing_in_memory(memory, made.path, made.digest, self.clock, self.built)
        judgement = Judgement(made.path, verdict, made.version, reason, made.digest)
        return Checked(name, "file", Report((judgement,), verdict, had_memory=True), pin)

    def _known(self, digest: str) -> tuple[str, FolderMemory, MadeOf] | None:
        for pin, memory in self.pins.memories():
            made = known_files(memory).get(digest)
            if made is not None:
                return pin, memory, made
        return None

    def _bundle(self, name: str, raw: bytes) -> Checked | None:
        """Verify a bundle; None, and it is noted, when it is sealed and no key at hand opens it."""
        try:
            source = BundleSource.from_bytes(self.opened(raw))
        except AnotherKeyError:
            self.locked.append(name)
            return None
        except TrustError as error:
            return Checked(name, "bundle", Report((), error.verdict, error.reason))
        return self._held(name, "bundle", source, source.names())

    def opened(self, raw: bytes) -> bytes:
        """Return a bundle that may be sealed, opened with the keys at hand; raises as they do."""
        if not is_sealed(raw):
            return raw
        if needs_passphrase(raw):
            if self.keys.passphrase is None:
                raise AnotherKeyError
            return open_with_passphrase(raw, self.keys.passphrase(), BUNDLE_BYTES)
        for key in self.keys.shelf_keys():
            try:
                return open_sealed(raw, key.secret, BUNDLE_BYTES)
            except AnotherKeyError:
                continue
        raise AnotherKeyError

    def _repository(self, name: str, source: Source, public: Path | None = None) -> Checked:
        checked = self._held(name, "repository", source, None)
        if public is None and isinstance(source, FolderSource) and checked.report.judgements:
            found = strange_targets(source.names("targets"), checked.report)
            return replace(checked, report=with_judgements(checked.report, found))
        if public is None or not checked.report.pages:
            return checked
        report = with_judgements(checked.report, strange_files(public, source, checked.report))
        return Checked(name, "repository", report, checked.pin)

    def _held(self, name: str, kind: str, source: Source, chosen: frozenset[str] | None) -> Checked:
        """Hold a source against each pinned root, and return what the one that fits says."""
        best: Checked | None = None
        for pin, memory in self.pins.memories():
            report = verify(source, memory, self.clock, self.built, chosen=chosen)
            if isinstance(source, BundleSource) and report.judgements:
                found = strangers_in_bundle(source, report, memory.pinned, self.clock)
                report = with_judgements(report, found)
            checked = Checked(name, kind, report, pin)
            if report.verdict is not Verdict.NOT_OURS or report.judgements:
                _remember_files(memory, source, report)
                return checked
            best = best or Checked(name, kind, report)
        assert best is not None  # noqa: S101 - there is always a pin, or nothing is verified
        return best


def known_files(memory: FolderMemory) -> Mapping[str, MadeOf]:
    """Return every one-file rendition that a list seen before names, by its SHA-256."""
    raw = memory.recall(_FILES)
    try:
        return {digest: MadeOf(*made) for digest, made in json.loads(raw or b"{}").items()}
    except (ValueError, AttributeError, TypeError):
        return {}  # it can be read again from a shelf


def _remember_files(memory: FolderMemory, source: Source, report: Report) -> None:
    """Add the list of a believed repository to those that were seen."""
    pages = page_list(source, report)
    known = dict(known_files(memory))
    if pages and not pages.files.items() <= known.items():
        raw = json.dumps({**known, **pages.files}, sort_keys=True, separators=(",", ":"))
        memory.keep(_FILES, raw.encode("utf-8"))


def page_list(source: Source, report: Report) -> PageList | None:
    """Return the list of pages that a repository's snapshot names; None when it isn't there."""
    if report.pages is None:
        return None
    name, digest = report.pages
    try:
        raw = source.read(name, LIST_BYTES)
        return PageList.from_bytes(raw, digest) if raw is not None else None
    except TrustError:
        return None
