"""The whole current chain of metadata for one locale, as one file: an update is two requests.

A chain is text, a line for each metadata file: its name, a space, its bytes as they were signed. It
is named by the versions of root and snapshot, which the timestamp carries (`repository.CHAIN`), and
by the place of its locale: `metadata/chain/3.17.0.txt`. It holds every root after the first, the
snapshot, the targets, the publishers' roles of its locale, and the withdrawals. It saves round
trips and proves nothing: whoever reads it hands each file to the rules.
"""

from __future__ import annotations

import json
import re
from typing import Final

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.client import Source
from bojagi.trust.plan import WITHDRAWALS
from bojagi.trust.repository import CHAIN, TIMESTAMP_FILE, Repository, file_name

CHAIN_BYTES: Final = 8 * 1024 * 1024
CHAIN_FILES: Final = 1000
_NAME: Final = re.compile(r"[0-9]+\.[a-z0-9-]+\.json")
_ROOT: Final = re.compile(rf"[0-9]+\.{Root.type}\.json")
_CHAIN: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")


def chain_files(repository: Repository, locales: int) -> dict[str, bytes]:
    """Return the chain of each locale of a shelf, by its name below `metadata/`."""
    timestamp = repository.signed(Timestamp.type)
    if timestamp is None:
        return {}
    chain = timestamp.unrecognized_fields[CHAIN]
    return {f"chain/{chain}.{place}.txt": make_chain(repository, place) for place in range(locales)}


def make_chain(repository: Repository, place: int) -> bytes:
    """Return the chain of the locale at a place of its shelf."""
    roots = sorted(
        (name for name in repository.files if name.endswith(f".{Root.type}.json")),
        key=lambda name: int(name.partition(".")[0]),
    )
    names = [name for name in roots if name != file_name(Root.type, 1)]
    for role in (Snapshot.type, Targets.type, *sorted(repository.roles)):
        is_ours = role in {Snapshot.type, Targets.type, WITHDRAWALS} or role.endswith(f"-{place}")
        name = file_name(role, repository.roles[role].signed.version)
        if is_ours and name not in names:
            names.append(name)
    lines = [(name, repository.files[name]) for name in names]
    if any(b"\n" in data for _, data in lines):
        raise ValueError("metadata with a line break")  # a bug: ours is written without any
    return b"".join(name.encode("ascii") + b" " + data + b"\n" for name, data in lines)


def parse_chain(raw: bytes) -> dict[str, bytes]:
    """Return the files of a chain by name.

    Raises:
        TrustError: when it isn't a chain.
    """
    if len(raw) > CHAIN_BYTES or not raw.endswith(b"\n"):
        raise TrustError(Verdict.DAMAGED, "not a chain of metadata, or not whole")
    files: dict[str, bytes] = {}
    for line in raw[:-1].split(b"\n"):
        name, space, data = line.partition(b" ")
        text = name.decode("latin-1")
        if not space or not _NAME.fullmatch(text) or text in files or len(files) == CHAIN_FILES:
            raise TrustError(Verdict.DAMAGED, "not a chain of metadata")
        files[text] = data
    return files


def chain_name(timestamp: bytes) -> str | None:
    """Return what a timestamp that isn't believed yet calls its chain; it only names a file."""
    try:
        found = json.loads(timestamp)["signed"][CHAIN]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) and _CHAIN.fullmatch(found) else None


class ChainSource:
    """A repository whose metadata comes in two requests: its timestamp, and the chain this names.

    A chain holds all roots, so a root it doesn't hold isn't asked for. Everything else that it
    doesn't hold, the editions above all, is read from the source behind it; and where there is no
    chain, everything is.
    """

    def __init__(self, source: Source, place: int, limit: int = CHAIN_BYTES) -> None:
        self.source = source
        self.place = place
        self.limit = limit
        self._files: dict[str, bytes] | None = None
        self._is_whole = False

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there; raises as the inner source does."""
        folder, _, name = path.partition("/")
        if folder != "metadata":
            return self.source.read(path, limit)
        files = self._chain()
        data = files.get(name)
        is_told = name == TIMESTAMP_FILE or (self._is_whole and _ROOT.fullmatch(name) is not None)
        if data is None and not is_told:
            return self.source.read(path, limit)
        if data is not None and len(data) > limit:
            raise TrustError(
                Verdict.DAMAGED, f"{path} is longer than the {limit} bytes it may have"
            )
        return data

    def _chain(self) -> dict[str, bytes]:
        if self._files is None:
            timestamp = self.source.read(f"metadata/{TIMESTAMP_FILE}", self.limit)
            self._files = {} if timestamp is None else {TIMESTAMP_FILE: timestamp}
            name = chain_name(timestamp or b"")
            if name:
                raw = self.source.read(f"metadata/chain/{name}.{self.place}.txt", self.limit)
                self._files |= parse_chain(raw) if raw else {}
                self._is_whole = raw is not None
        return self._files
