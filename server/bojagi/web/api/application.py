"""The studio's application: routes, rules, problems, headers. It only wires."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, cast
from wsgiref.types import WSGIApplication

from flask import Flask, Response, abort, request
from flask_smorest import Api
from werkzeug.exceptions import HTTPException
from whitenoise.responders import Response as PlainResponse

from bojagi.domain import limits
from bojagi.web.api import content, editions, people, sessions, shelves, translations
from bojagi.web.api.access import admit, public
from bojagi.web.api.openapi import TITLE, VERSION, complete
from bojagi.web.api.problems import PROBLEM, of_http, problem_body, register_problems
from bojagi.web.api.routing import PREFIX, Count, Digest
from bojagi.web.api.workbench import Workbench
from bojagi.web.guard import StudioGuard
from bojagi.web.headers import security_headers

_RESOURCES: Final = (
    sessions.routes,
    people.routes,
    content.routes,
    translations.routes,
    editions.routes,
    shelves.routes,
)


class _Api(Api):  # type: ignore[misc]  # it ships no types
    """The documentation, with problems in the place of the library's own errors."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Tell an error as a problem."""
        return of_http(error)


def create_studio(bench: Workbench) -> Flask:
    """Make the studio's application around its verbs."""
    app = Flask("bojagi.studio", static_folder=None)
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=limits.STUDIO_BODY_BYTES,
        # An exception goes to the guard, which logs no word of it; Flask would log the path.
        PROPAGATE_EXCEPTIONS=True,
    )
    app.url_map.converters.update(digest=Digest, count=Count)
    app.url_map.merge_slashes = False  # an address is one thing, or it isn't there
    bench.put_into(app)
    register_problems(app)
    api = _Api(app)
    api.register_converter(Digest, lambda _: {"type": "string", "pattern": "^[0-9a-f]{64}$"})
    for resource in _RESOURCES:
        api.register_blueprint(resource)
    document: dict[str, Any] = complete(api.spec.to_dict(), app)

    @app.get(f"{PREFIX}/openapi.json")
    @public
    def describe() -> dict[str, Any]:
        """Describe all this (OpenAPI 3.1)."""
        return document

    app.before_request(_refuse_unholdable)
    app.before_request(admit)
    app.after_request(_with_headers)
    app.wsgi_app = StudioGuard(  # type: ignore[method-assign]
        cast("WSGIApplication", app.wsgi_app), _guarded_answer
    )
    return app


def _refuse_unholdable() -> None:
    """Refuse addresses with what neither a database nor a file name holds."""
    words = (request.path, *request.args.values(), *request.args.keys())
    if any("\0" in each or "\ufffd" in each for each in words):
        abort(HTTPStatus.NOT_FOUND if "\0" in request.path else HTTPStatus.BAD_REQUEST)


def _with_headers(answer: Response) -> Response:
    is_page = answer.mimetype == "text/html"
    if answer.status_code == HTTPStatus.NO_CONTENT:
        answer.set_data(b"")
        del answer.headers["Content-Type"]
    for name, value in security_headers(is_page=is_page):
        answer.headers[name] = value
    answer.headers["Vary"] = "Cookie, Authorization"
    return answer


def _guarded_answer(_: str, status: HTTPStatus) -> PlainResponse:
    """Return the answer of the guard, before or after any of this."""
    body = problem_body(status)
    headers = [
        ("Content-Type", PROBLEM),
        ("Content-Length", str(len(body))),
        *security_headers(is_page=False),
    ]
    return PlainResponse(status, headers, body)
