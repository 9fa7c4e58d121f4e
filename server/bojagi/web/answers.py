"""Answers that tell of an error, in the words of the shelf they happened on."""

from __future__ import annotations

from http import HTTPStatus

from whitenoise.responders import Response

from bojagi.building.pages import ERRORS
from bojagi.building.tree import REPOSITORY
from bojagi.web.headers import security_headers
from bojagi.web.shelves import MountedShelf


def error_answer(shelf: MountedShelf, status: HTTPStatus, path: str = "") -> Response:
    """Return the answer for an error; one without a page of its own gets the words of 405 or 500.

    The pages of a tree that is just being replaced may be gone: then the answer has no body. Below
    the repository only programs ask, for a next root above all, and get no words.

    Args:
        shelf: the shelf it happened on.
        status: of the error.
        path: what was asked for.
    """
    if path.startswith(f"{shelf.prefix}{REPOSITORY}"):
        empty = [("Content-Type", "application/octet-stream"), ("Content-Length", "0")]
        return Response(status, [*empty, *security_headers(is_page=False)], b"")
    kin = status if status in ERRORS else 405 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    try:
        body = shelf.error_page(HTTPStatus(kin))
    except OSError:
        body = b""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        *security_headers(),
    ]
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", "GET, HEAD"))
    return Response(status, headers, body)
