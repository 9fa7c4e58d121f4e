"""Where a repository is read from: a folder on a disk or a stick, or a host."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import InvalidValueError

_SECONDS: Final = 30
_ABSENT: Final = frozenset({403, 404})


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
            root = self.folder.resolve()
            file = (root / path).resolve()
            if not file.is_relative_to(root):
                raise TrustError(Verdict.DAMAGED, f"{path} leaves its folder")
            if not file.is_file():
                return None
            with file.open("rb") as opened:
                data = opened.read(limit + 1)
        except (OSError, ValueError) as error:
            raise TrustError(Verdict.DAMAGED, f"{path} can't be read") from error
        return _within(data, path, limit)


class _NoRedirects(HTTPRedirectHandler):
    """One origin: a host that sends us elsewhere isn't followed."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""
        return


class UrlSource:
    """A repository on a host; one origin, no redirects, no header that tells who asks.

    Args:
        base: the address of the repository, http or https.

    Raises:
        InvalidValueError: for another kind of address.
    """

    def __init__(self, base: str) -> None:
        if urlsplit(base).scheme not in {"http", "https"}:
            raise InvalidValueError("address", base, "an http or https address")
        self.base = base.rstrip("/")
        self.opener: OpenerDirector = build_opener(_NoRedirects)
        self.opener.addheaders = []

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there.

        Raises:
            TrustError: when it is larger than the limit, or the host can't be read.
        """
        request = Request(f"{self.base}/{quote(path)}")  # noqa: S310 - the scheme is checked
        try:
            with self.opener.open(request, timeout=_SECONDS) as answer:
                data: bytes = answer.read(limit + 1)
        except HTTPError as error:
            if error.code in _ABSENT:
                return None
            raise TrustError(Verdict.DAMAGED, f"{path}: the host says {error.code}") from error
        except (URLError, OSError, http.client.HTTPException) as error:
            raise TrustError(Verdict.DAMAGED, f"{path}: the host can't be read") from error
        return _within(data, path, limit)


def _within(data: bytes, path: str, limit: int) -> bytes:
    if len(data) > limit:
        raise TrustError(Verdict.DAMAGED, f"{path} is longer than the {limit} bytes it may have")
    return data
