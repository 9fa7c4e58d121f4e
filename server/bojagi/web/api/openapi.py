"""The description of the API (OpenAPI 3.1): what routes declare, and every error they may give.

What always holds: an operation tells each of its possible answers, each with an example. A test
reads the whole document for it, and another asks the API for answers that aren't told of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from bojagi.services.permissions import SCOPES
from bojagi.web.api.access import (
    CSRF_HEADER,
    PUBLIC,
    SAFE,
    SESSION_COOKIE,
    answers_of,
    rule_of,
)
from bojagi.web.api.problems import PROBLEM, TITLES, problem_body

TITLE: Final = "Bojagi, the studio"
VERSION: Final = "1"
_PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "A problem (RFC 9457)",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "a sentence for a person"},
        "errors": {
            "type": "array",
            "description": "what isn't right, and where",
            "items": {
                "type": "object",
                "properties": {
                    "in": {"type": "string", "description": "json or query"},
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901)"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_CONDITIONS: Final = (
    ("If-Match", "the ETag of the revision that this was made from"),
    ("If-None-Match", "`*`, for something that isn't there yet"),
)
_WRITES_A_REVISION: Final = 428
_PAGINATION: Final = {
    "description": "Which part of the list this is",
    "schema": {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": "#/components/schemas/PaginationMetadata"},
    },
    "example": '{"total": 7, "total_pages": 4, "first_page": 1, "last_page": 4, "page": 1}',
}


def complete(document: dict[str, Any], app: Flask) -> dict[str, Any]:
    """Return the description with rules, errors and security added from the map of addresses."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM_SCHEMA
    document["components"]["responses"] = {f"Problem{status}": _answer(status) for status in TITLES}
    # It is JSON in a header's text; the library describes it as if a header could hold an object.
    document["components"]["headers"]["PAGINATION"] = _PAGINATION
    document["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
        "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
        "token": {"type": "http", "scheme": "bearer", "description": ", ".join(SCOPES)},
    }
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            _complete(document["paths"][path][method.lower()], rule, method, view)
    return dict(json.loads(json.dumps(document)))


def _complete(operation: dict[str, Any], rule: Rule, method: str, view: Callable[..., Any]) -> None:
    verb = rule_of(view)
    operation["operationId"] = rule.endpoint.replace(".", "-")
    statuses = set(_statuses(operation, rule, method, view))
    responses = operation["responses"]
    responses.update(
        {str(each): {"$ref": f"#/components/responses/Problem{each}"} for each in statuses}
    )
    operation["responses"] = dict(sorted(responses.items()))
    if verb == PUBLIC:
        operation["security"] = []
        return
    operation["x-rule"] = verb
    by_session: dict[str, list[str]] = {"session": []}
    if method not in SAFE:
        by_session["csrf"] = []
    scopes = [name for name, verbs in SCOPES.items() if verb in verbs]
    operation["security"] = [by_session, *([{"token": scopes}] if scopes else [])]
    if _WRITES_A_REVISION in statuses:
        operation.setdefault("parameters", []).extend(
            {
                "in": "header",
                "name": name,
                "required": False,
                "description": words,
                "schema": {"type": "string"},
            }
            for name, words in _CONDITIONS
        )


def _statuses(
    operation: dict[str, Any], rule: Rule, method: str, view: Callable[..., Any]
) -> Iterable[int]:
    """Yield the errors that an operation may answer with."""
    yield from answers_of(view)
    yield from (400, 405, 422, 503)
    if rule_of(view) != PUBLIC:
        yield from (401, 403)
    if rule.arguments:
        yield 404
    if method not in SAFE:
        yield from (411, 413)
    if "requestBody" in operation:
        yield 415


def _answer(status: int) -> dict[str, Any]:
    _, title = TITLES[status]
    example = json.loads(problem_body(status, f"{title}."))
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": title, "content": {PROBLEM: {"schema": schema, "example": example}}}
