"""python-tuf's own client over the same repositories: what ours is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.making import DAY
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater

_BASE: Final = "https://shelf.example"


@dataclass(frozen=True)
class FilesFetcher(FetcherInterface):
    """Fetches from memory."""

    files: Mapping[str, bytes]

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = self.files.get(_path(url))
        if data is None:
            raise DownloadHTTPError("absent", 404)
        return iter([data])


@dataclass(frozen=True)
class FolderFetcher(FetcherInterface):
    """Fetches from a folder."""

    folder: Path

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            return iter([(self.folder / _path(url)).read_bytes()])
        except FileNotFoundError as error:
            raise DownloadHTTPError("absent", 404) from error


def _path(url: str) -> str:
    return url.removeprefix(f"{_BASE}/repository/")


def updater(
    memory: Path,
    root: bytes,
    fetcher: FetcherInterface | None = None,
    *,
    address: str = _BASE,
    now: datetime = DAY,
) -> Updater:
    """Return a client with its memory in a folder; without a fetcher it uses its own, over HTTP."""
    memory.mkdir(exist_ok=True)
    base = f"{address}/repository"
    made = Updater(
        str(memory), f"{base}/metadata", str(memory), f"{base}/targets", fetcher, bootstrap=root
    )
    # It asks the machine for the time; the shelves are signed on a day of their own.
    made._trusted_set.reference_time = now  # noqa: SLF001
    return made


def check(client: Updater, targets: Iterable[str]) -> None:
    """Read the top-level roles, and those that may vouch for the targets."""
    client.refresh()
    for target in targets:
        client.get_targetinfo(target)


def verify_all(client: Updater, targets: Iterable[str]) -> int:
    """Do what our verifier does: find every target, read it, hold it to its digest."""
    client.refresh()
    count = 0
    for target in targets:
        info = client.get_targetinfo(target)
        if info is None:
            raise RuntimeError(f"nobody vouches for {target}")
        folder, _, name = target.rpartition("/")
        path = f"targets/{folder}/{info.hashes['sha256']}.{name}"
        content = client._fetcher.download_bytes(f"{_BASE}/repository/{path}", info.length)  # noqa: SLF001
        info.verify_length_and_hashes(content)
        count += 1
    return count
