"""The outermost layer: forgets who asked, refuses what nobody needs to send, and catches the rest.

What always holds:

- Nothing behind it ever sees the asker's address, or a header that an answer doesn't depend on.
- An exception is logged as its type and the line of our code it came from; never its words, which
  may hold what was asked for.
- Every answer of it has the headers every answer has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from types import TracebackType
from typing import ClassVar, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from whitenoise.responders import Response

from bojagi.domain import limits

_KEPT_HEADERS: Final = frozenset(
    {
        "HTTP_HOST",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_RANGE",
        "HTTP_RANGE",
        "HTTP_TRANSFER_ENCODING",
    }
)
"""What an answer depends on. Every other header says who asks, or could."""
_STUDIO_HEADERS: Final = frozenset(
    {
        "CONTENT_TYPE",
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_AUTHORIZATION",
        "HTTP_COOKIE",
        "HTTP_IF_MATCH",
        "HTTP_ORIGIN",
        "HTTP_SEC_FETCH_SITE",
        "HTTP_X_CSRF_TOKEN",
    }
)
"""What an answer of the studio depends on besides."""
_LOG: Final = logging.getLogger("bojagi.web")

Answer = Callable[[str, HTTPStatus], Response]
"""A path and a status in, the answer that tells of the error out."""


class Guard:
    """A WSGI application around another."""

    kept_headers: ClassVar[frozenset[str]] = _KEPT_HEADERS
    body_bytes: ClassVar[int] = limits.REQUEST_BODY_BYTES
    keeps_query: ClassVar[bool] = False

    def __init__(self, application: WSGIApplication, answer: Answer) -> None:
        self.application = application
        self.answer = answer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, or answer it."""
        for key in [key for key in environ if _tells_of_the_asker(key, self.kept_headers)]:
            del environ[key]
        if not self.keeps_query:
            environ["QUERY_STRING"] = ""
        refused = _refused_body(environ, self.body_bytes)
        if refused:
            return self._answer(environ, start_response, refused)
        try:
            return self.application(environ, start_response)
        except Exception as error:  # noqa: BLE001 - whatever it is, its words must not get out
            _LOG.error("error 500: %s in %s", type(error).__name__, _where(error.__traceback__))
            return self._answer(environ, start_response, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _answer(
        self, environ: WSGIEnvironment, start_response: StartResponse, status: HTTPStatus
    ) -> Iterable[bytes]:
        response = self.answer(environ.get("PATH_INFO", "/"), status)
        start_response(f"{status} {status.phrase}", response.headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [response.file]


class StudioGuard(Guard):
    """The guard of the studio: those who write there sign in, and send what they write."""

    kept_headers = _KEPT_HEADERS | _STUDIO_HEADERS
    body_bytes = limits.STUDIO_BODY_BYTES
    keeps_query = True


def _tells_of_the_asker(key: str, kept: frozenset[str]) -> bool:
    return key.startswith(("HTTP_", "REMOTE_", "CONTENT_TYPE")) and key not in kept


def _refused_body(environ: WSGIEnvironment, most: int) -> HTTPStatus | None:
    """Say why a body is refused before any of it is read."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return HTTPStatus.LENGTH_REQUIRED
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return HTTPStatus.BAD_REQUEST
    if int(length[:20]) > most:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def _where(trace: TracebackType | None) -> str:
    """Return the module and line of the last frame that is ours."""
    place = "?"
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("bojagi"):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
