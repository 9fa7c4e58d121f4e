"""The static trees, served by WhiteNoise with strong validators.

What WhiteNoise leaves to us: an entity tag made of the digest of the very bytes sent, so one for
each content coding (RFC 9110, section 8.8.3.3); codings chosen by quality (12.5.3); `If-None-Match`
lists and `If-Range`; no date of a file, which would tell when it was built; and taking up a new
tree without a restart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Final
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import FileWrapper

from whitenoise import WhiteNoise
from whitenoise.responders import Redirect, Response, SlicedFile, StaticFile

from bojagi.building.compression import SUFFIXES
from bojagi.building.tree import Keeping, Route
from bojagi.errors import BojagiError
from bojagi.web.answers import error_answer
from bojagi.web.headers import security_headers
from bojagi.web.shelves import MountedShelf

_LOOK_AGAIN_SECONDS: Final = 1.0
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
}
_BYTES: Final = "application/octet-stream"
_KEPT: Final = {
    Keeping.NEVER: "no-store",
    Keeping.ASK: "no-cache",
    Keeping.EVER: "public, max-age=31536000, immutable",
}
"""What RFC 9111 and RFC 8246 call them."""


@dataclass(frozen=True)
class Representation:
    """The bytes of a file in one content coding.

    Attributes:
        coding: "identity", or a content coding.
        tag: the strong entity tag of these bytes.
    """

    coding: str
    path: Path
    size: int
    tag: str
    headers: tuple[tuple[str, str], ...]


class TreeFile(StaticFile):  # type: ignore[misc]  # it ships no types
    """One file of a tree in every coding it was prepared in, smallest first."""

    def __init__(self, path: Path, route: Route, refusal: Response) -> None:
        kind = _TYPES.get(path.suffix, _BYTES)
        shared = [
            ("Content-Type", kind),
            ("Vary", "Accept-Encoding"),
            *security_headers(is_page=path.suffix == ".html", keeping=_KEPT[route.keeping]),
        ]
        if route.download:
            shared.append(("Content-Disposition", f'attachment; filename="{route.download}"'))
        self.refusal = refusal
        self.representations = sorted(
            _representations(path, shared), key=lambda representation: representation.size
        )

    def get_response(self, method: str, request: Mapping[str, Any]) -> Response:
        """Answer a request for this file."""
        if method not in {"GET", "HEAD"}:
            return self.refusal
        chosen = self._choose(request.get("HTTP_ACCEPT_ENCODING", ""))
        if _names(request.get("HTTP_IF_NONE_MATCH", ""), chosen.tag):
            kept = [h for h in chosen.headers if h[0] not in {"Content-Length", "Content-Type"}]
            return Response(HTTPStatus.NOT_MODIFIED, kept, None)
        file = chosen.path.open("rb") if method == "GET" else None
        wanted = request.get("HTTP_RANGE", "")
        if wanted and request.get("HTTP_IF_RANGE", chosen.tag) == chosen.tag:
            try:
                return self._part(wanted, chosen, file)
            except ValueError:
                pass  # a range we can't read is ignored (RFC 9110, section 14.2)
        return Response(HTTPStatus.OK, list(chosen.headers), file)

    def _part(self, wanted: str, chosen: Representation, file: BinaryIO | None) -> Response:
        """Answer a request for a range (RFC 9110, section 14); `ValueError` for one to ignore."""
        first, last = self.get_byte_range(wanted, chosen.size)
        headers = [header for header in chosen.headers if header[0] != "Content-Length"]
        if first > last:
            if file:
                file.close()
            gone = {"Content-Encoding", "Content-Disposition", "ETag"}
            headers = [header for header in headers if header[0] not in gone]
            headers += [("Content-Range", f"bytes */{chosen.size}"), ("Content-Length", "0")]
            return Response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, None)
        headers += [
            ("Content-Range", f"bytes {first}-{last}/{chosen.size}"),
            ("Content-Length", str(last - first + 1)),
        ]
        part = SlicedFile(file, first, last) if file else None
        return Response(HTTPStatus.PARTIAL_CONTENT, headers, part)

    def _choose(self, accepted: str) -> Representation:
        qualities = coding_qualities(accepted)
        best = self.representations[-1]
        best_quality = -1.0
        for representation in self.representations:
            quality = qualities.get(representation.coding, qualities["*"])
            if representation.coding == "identity":
                quality = qualities.get("identity", qualities["*"] or 0.001)
            if quality > 0 and quality > best_quality:
                best, best_quality = representation, quality
        return best


def coding_qualities(accepted: str) -> dict[str, float]:
    """Parse `Accept-Encoding` (RFC 9110, section 12.5.3); `*` is 0 when it isn't named."""
    qualities = {"*": 0.0}
    for part in accepted.split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            quality = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            quality = 0.0
        if coding.strip():
            qualities[coding.strip().lower()] = quality
    return qualities


def _names(condition: str, tag: str) -> bool:
    """Whether an `If-None-Match` names this tag; weak comparison (RFC 9110, section 13.1.2)."""
    if not condition:
        return False
    return condition.strip() == "*" or tag in {
        each.strip().removeprefix("W/") for each in condition.split(",")
    }


def _representations(path: Path, shared: list[tuple[str, str]]) -> Iterable[Representation]:
    codings = {"identity": path} | {
        coding: path.with_name(path.name + suffix) for coding, suffix in SUFFIXES.items()
    }
    for coding, file in codings.items():
        if not file.is_file():
            continue
        content = file.read_bytes()
        tag = f'"{sha256(content).hexdigest()[:32]}"'
        headers = [*shared, ("ETag", tag), ("Content-Length", str(len(content)))]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        yield Representation(coding, file, len(content), tag, tuple(headers))


def _sent_to(address: str) -> Redirect:
    """Answer with the way to a folder's address, for one without its last slash."""
    return Redirect(address.split("/")[-2] + "/", Headers(list(security_headers())))


class TreeServer(WhiteNoise):  # type: ignore[misc]  # it ships no types
    """Serves the mounted shelves, and hands on what isn't theirs."""

    def __init__(
        self, application: WSGIApplication, mount: Callable[[], tuple[MountedShelf, ...]]
    ) -> None:
        super().__init__(application, allow_all_origins=False, max_age=None)
        self.mount = mount
        self.shelves: tuple[MountedShelf, ...] = ()
        self._looked_at = 0.0
        self.take_up()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the trees as they stand now."""
        now = time.monotonic()
        if now - self._looked_at > _LOOK_AGAIN_SECONDS:
            self.take_up()
        try:
            answer: Iterable[bytes] = super().__call__(environ, start_response)
        except FileNotFoundError:
            # Two new trees within a second: the one taken up last has been cleared away.
            self.take_up()
            answer = super().__call__(environ, start_response)
        return answer

    @staticmethod
    def serve(
        static_file: TreeFile, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Send what a file answers; a body that is at hand goes out in one piece."""
        response = static_file.get_response(environ["REQUEST_METHOD"], environ)
        start_response(f"{response.status} {response.status.phrase}", response.headers)
        if isinstance(response.file, bytes):
            return [response.file]
        if response.file is None:
            return []
        wrapper = environ.get("wsgi.file_wrapper", FileWrapper)
        sent: Iterable[bytes] = wrapper(response.file)
        return sent

    def take_up(self) -> None:
        """Take up the trees that are current now; nothing is read where nothing changed."""
        self._looked_at = time.monotonic()
        try:
            shelves = self.mount()
        except (OSError, BojagiError):
            if not self.shelves:
                raise
            return  # what was taken up last still stands
        if shelves == self.shelves:
            return
        files: dict[str, TreeFile | Redirect] = {}
        for shelf in shelves:
            refusal = error_answer(shelf, HTTPStatus.METHOD_NOT_ALLOWED)
            for address, route in shelf.routes.items():
                files[shelf.prefix + address] = TreeFile(shelf.public / route.path, route, refusal)
                place = shelf.prefix + address
                if place.endswith("/") and place != "/":
                    # Links of such a page are below it: who leaves out the slash is sent there.
                    files[place.rstrip("/")] = _sent_to(place)
        self.files, self.shelves = files, shelves
