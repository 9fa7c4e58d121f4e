"""Where a repository is read from: a folder on a disk or a stick, or a host."""

from __future__ import annotations

import http.client
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import InvalidValueError, UnreachableError

_SECONDS: Final = 30
_ABSENT: Final = frozenset({403, 404})
_GZIP: Final = 31
"""For zlib: the wrapping of gzip."""


@dataclass(frozen=True)
class FolderSource:
    """A repository in a folder; nothing outside it is read, whatever a path says."""

    folder: Path

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there.

        Raises:
            TrustError: when it leaves the folder, is larger than the limit, or can't be read.
        """
        try:
            file = (self._root / path).resolve()
            if not file.is_relative_to(self._root):
                raise TrustError(Verdict.DAMAGED, f"{path} leaves its folder")
            if not file.is_file():
                return None
            with file.open("rb") as opened:
                data = opened.read(limit + 1)
        except (OSError, ValueError) as error:
            raise TrustError(Verdict.DAMAGED, f"{path} can't be read") from error
        return _within(data, path, limit)

    def names(self, top: str) -> Iterator[str]:
        """Yield the path of every file below a folder of it, links too."""
        for folder, _, names in os.walk(self.folder / top):
            for name in names:
                yield Path(folder, name).relative_to(self.folder).as_posix()

    @cached_property
    def _root(self) -> Path:
        return self.folder.resolve()


class UrlSource:
    """A repository on a host: one origin, no redirects, no header that tells who asks.

    Everything is asked over one connection, compressed where the host has it so: on a slow link
    each connection costs round trips. A proxy that the system names is used, and its name looked up
    there.

    Args:
        base: the address of the repository, http or https.

    Raises:
        InvalidValueError: for another kind of address.
    """

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InvalidValueError("address", base, "an http or https address")
        self.base = base.rstrip("/")
        self._connection, self._prefix = _connection(self.base)

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there.

        Raises:
            TrustError: when it is larger than the limit.
            UnreachableError: when the host can't be read, or sends us elsewhere.
        """
        # Names of roles come percent-encoded already: they are file names too.
        address = f"{self._prefix}/{quote(path, '/%')}"
        try:
            try:
                status, data = self._ask(address, limit)
            except (http.client.RemoteDisconnected, ConnectionError):
                self._connection.close()  # the host had let go of it meanwhile
                status, data = self._ask(address, limit)
        except zlib.error as error:
            self._connection.close()
            raise TrustError(Verdict.DAMAGED, f"{path} doesn't unpack") from error
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise UnreachableError(
                f"{self.base} can't be read now ({type(error).__name__}); nothing is known of it"
            ) from error
        if status in _ABSENT:
            return None
        if status != HTTPStatus.OK:
            raise UnreachableError(
                f"{self.base} answers {status} for {path}; nothing is known of it"
            )
        return _within(data, path, limit)

    def close(self) -> None:
        """Hang up; what is read after that opens a new connection."""
        self._connection.close()

    def _ask(self, address: str, limit: int) -> tuple[int, bytes]:
        """Ask once; return the status and, of a body, no more than a byte over the limit."""
        self._connection.putrequest("GET", address, skip_accept_encoding=True)
        self._connection.putheader("Accept-Encoding", "gzip")
        self._connection.endheaders()
        with self._connection.getresponse() as answer:
            data = answer.read(limit + 1)
            is_whole = not answer.read(1)
            coding = answer.headers.get("Content-Encoding", "identity").lower()
        if not is_whole:
            self._connection.close()
        if answer.status == HTTPStatus.OK and coding == "gzip":
            data = zlib.decompressobj(wbits=_GZIP).decompress(data, limit + 1)
        return answer.status, data


def _connection(base: str) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection to a host, not opened yet, and what its request lines begin with."""
    parts = urlsplit(base)
    host, is_secure = str(parts.hostname), parts.scheme == "https"
    proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
    via = urlsplit(proxy if "//" in proxy else f"//{proxy}") if proxy else None
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    if via is None or via.hostname is None:
        return kind(host, parts.port, timeout=_SECONDS), parts.path
    connection = kind(via.hostname, via.port, timeout=_SECONDS)
    if not is_secure:
        return connection, base
    connection.set_tunnel(host, parts.port)
    return connection, parts.path


def _within(data: bytes, path: str, limit: int) -> bytes:
    if len(data) > limit:
        raise TrustError(Verdict.DAMAGED, f"{path} is longer than the {limit} bytes it may have")
    return data
