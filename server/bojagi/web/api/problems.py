"""Every error as a problem (RFC 9457), made at this one seam.

What always holds: a problem holds the sentence of our own error and nothing else: no trace, no word
of a library, no secret that was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, make_response
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bojagi.errors import (
    BojagiError,
    ConflictError,
    DatabaseUnusableError,
    DataFolderError,
    ForbiddenError,
    GateError,
    KeyFileError,
    NotThereError,
    SignInError,
    StaleError,
)
from bojagi.storage.content import FOR_EVER, OWN_TEXT

PROBLEM: Final = "application/problem+json"
TYPES: Final = "urn:bojagi:problem:"
"""Prefix of a problem's type; what follows is a word of `TITLES`."""
_DETAIL: Final = 2000
"""The most characters of a sentence: it may name many things."""
_AGAIN_SECONDS: Final = "5"

TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("malformed", "The request can't be read"),
    401: ("who-are-you", "Sign in first"),
    403: ("forbidden", "You may not do this"),
    404: ("not-there", "There is no such thing here"),
    405: ("method", "This can't be done with it"),
    406: ("not-acceptable", "It doesn't come in that form"),
    409: ("conflict", "Something stands against it"),
    411: ("length", "Say how long the body is"),
    412: ("stale", "It was changed meanwhile"),
    413: ("too-large", "That is too much"),
    415: ("media-type", "It isn't taken in that form"),
    422: ("invalid", "Something in it isn't right"),
    428: ("say-from-what", "Say which revision you began from"),
    429: ("slow-down", "Too many tries"),
    500: ("mistake", "A mistake of ours"),
    503: ("not-now", "It can't be done now"),
}
"""Status to the last word of a problem's type, and its title."""

_STATUSES: Final[Sequence[tuple[type[BojagiError], int]]] = (
    (StaleError, 412),
    (NotThereError, 404),
    (ForbiddenError, 403),
    (SignInError, 404),  # an invitation or a link that has ended; who has to wait gets 429
    (ConflictError, 409),
    (GateError, 409),
    (KeyFileError, 409),
    (DatabaseUnusableError, 503),
    (DataFolderError, 503),
    (BojagiError, 422),
)
"""The first that fits counts."""
_RULES: Final = frozenset({OWN_TEXT, FOR_EVER})
"""What the database says in our own words; its others name rows and columns."""
_TAKEN: Final = "somebody was there before; read it again"
_UNSPOKEN: Final = (DatabaseUnusableError, DataFolderError)
"""Errors whose sentences name paths or the words of a database: they are for who runs it."""


class ProblemError(Exception):
    """An answer that tells of an error, raised where a route finds it.

    Attributes:
        status: of the answer.
        detail: a sentence for who asked.
        headers: that the answer has besides.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        super().__init__(detail)


def problem_body(status: int, detail: str = "", errors: Iterable[Mapping[str, str]] = ()) -> bytes:
    """Return the bytes of a problem."""
    word, title = TITLES.get(status, TITLES[400 if status < 500 else 500])  # noqa: PLR2004
    fields: dict[str, Any] = {"type": f"{TYPES}{word}", "title": title, "status": status}
    if detail:
        fields["detail"] = detail[:_DETAIL]
    found = list(errors)
    if found:
        fields["errors"] = found
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def problem_answer(
    status: int, detail: str = "", errors: Iterable[Mapping[str, str]] = ()
) -> Response:
    """Return a problem as an answer."""
    answer = make_response(problem_body(status, detail, errors), status)
    answer.content_type = PROBLEM
    return answer


def register_problems(app: Flask) -> None:
    """Let every error of an application be told as a problem."""
    app.register_error_handler(BojagiError, _of_ours)
    app.register_error_handler(ProblemError, _of_a_route)
    app.register_error_handler(HTTPException, of_http)


def _of_ours(error: BojagiError) -> Response:
    status = next(status for kind, status in _STATUSES if isinstance(error, kind))
    if isinstance(error, SignInError) and error.wait:
        answer = problem_answer(HTTPStatus.TOO_MANY_REQUESTS, str(error))
        answer.headers["Retry-After"] = str(error.wait)
        return answer
    if isinstance(error, _UNSPOKEN):
        answer = problem_answer(status, "the studio is busy or can't be used; try again")
        answer.headers["Retry-After"] = _AGAIN_SECONDS
        return answer
    if isinstance(error.__cause__, DatabaseError) and str(error) not in _RULES:
        is_conflict = isinstance(error, ConflictError)
        return problem_answer(status, _TAKEN if is_conflict else "a value that can't be kept")
    return problem_answer(status, str(error))


def _of_a_route(error: ProblemError) -> Response:
    answer = problem_answer(error.status, error.detail)
    answer.headers.extend(error.headers)
    return answer


def of_http(error: HTTPException) -> Response:
    """Return the problem of an error of Flask, of the parser of arguments, or of the routing."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if 300 <= status < 400:  # noqa: PLR2004 - a way to the address with its slash
        return problem_answer(HTTPStatus.NOT_FOUND)
    messages = getattr(error, "data", {}).get("messages", {})
    answer = problem_answer(status, errors=_pointers(messages, ()))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _pointers(messages: Any, path: tuple[str, ...]) -> Iterable[dict[str, str]]:  # noqa: ANN401
    """Yield what is wrong where, as JSON pointers (RFC 6901) below where it was sent."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _pointers(below, path if key == "_schema" else (*path, str(key)))
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _pointers(message, path)
    else:
        escaped = [step.replace("~", "~0").replace("/", "~1")[:80] for step in path[1:]]
        pointer = "".join(f"/{step}" for step in escaped)
        yield {"in": path[0] if path else "", "pointer": pointer, "detail": str(messages)[:200]}
