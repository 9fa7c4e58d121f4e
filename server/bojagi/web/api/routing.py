"""What every module of routes is made with: its blueprint, pages of lists, tags of revisions."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

from flask import request
from flask_smorest import Blueprint
from flask_smorest.pagination import PaginationParameters
from marshmallow import Schema
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from bojagi.services.listing import LARGEST, Listed, Page
from bojagi.web.api.bodies import BodyParser
from bojagi.web.api.problems import ProblemError

View = TypeVar("View", bound=Callable[..., Any])
Answered = Any
"""What a view returns: anything that its schema takes."""

PREFIX: Final = "/api/v1"
PAGE_SIZE: Final = 50
_TAG: Final = re.compile(r'"r([1-9][0-9]{0,8})"')


class Digest(BaseConverter):
    """A SHA-256 in an address."""

    regex = "[0-9a-f]{64}"


class Count(IntegerConverter):
    """A number that a database column takes."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=LARGEST)


class Routes(Blueprint):  # type: ignore[misc]  # it ships no types
    """The routes of one resource."""

    ARGUMENTS_PARSER: Final = BodyParser()
    DEFAULT_PAGINATION_PARAMETERS: Final = {
        "page": 1,
        "page_size": PAGE_SIZE,
        "max_page_size": 100,
    }

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix=PREFIX, description=description)

    # The library has no types; with these its decorators leave ours as they are.

    def at(self, method: str, path: str) -> Callable[[View], View]:
        """Put a view at an address below the prefix."""
        return cast("Callable[[View], View]", self.route(path, methods=[method]))

    def takes(
        self, schema: type[Schema], *, example: object = None, location: str = "json"
    ) -> Callable[[View], View]:
        """Hand a view what was sent, once it fits a schema."""
        arguments = self.arguments(schema, location=location, example=example)
        return cast("Callable[[View], View]", arguments)

    def answers(
        self,
        status: int,
        schema: Schema | type[Schema] | None = None,
        *,
        example: object = None,
    ) -> Callable[[View], View]:
        """Answer with what a view returns, in the shape of a schema."""
        return cast("Callable[[View], View]", self.response(status, schema, example=example))

    def shows_a_page(self) -> Callable[[View], View]:
        """Answer with the page that a view returns."""
        page = self.response(
            200, {"type": "string"}, content_type="text/html", example="<!doctype html>…"
        )
        return cast("Callable[[View], View]", page)

    def in_pages(self) -> Callable[[View], View]:
        """Hand a view which part of its list is asked for."""
        return cast("Callable[[View], View]", self.paginate())


def page_of(parameters: PaginationParameters) -> Page:
    """Return which part of a list is asked for."""
    return Page(parameters.first_item, parameters.page_size)


def items_of(listed: Listed, parameters: PaginationParameters) -> Answered:
    """Return the items of a part, and tell the pagination how long the whole is."""
    parameters.item_count = listed.total
    return listed.items


def part_of(items: list[Any], parameters: PaginationParameters) -> list[Any]:
    """Return the part of a list at hand that is asked for."""
    parameters.item_count = len(items)
    return items[parameters.first_item : parameters.last_item + 1]


def tag_of(number: int) -> str:
    """Return the entity tag of a revision (RFC 9110, section 8.8.3)."""
    return f'"r{number}"'


def began_from(number: int, *, stands: bool) -> int:
    """Return the revision that a write began from, as its condition says.

    Args:
        number: of the newest revision there; 0 for none.
        stands: whether the document is there.

    Raises:
        ProblemError: 428 without a condition, 412 when it doesn't hold.
    """
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        if request.headers.get("If-None-Match", "").strip() != "*":
            raise ProblemError(
                HTTPStatus.PRECONDITION_REQUIRED,
                "send If-Match with the ETag you read, or If-None-Match: * for something new",
            )
        if stands:
            raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "it is there already; read it first")
        return number
    match = _TAG.fullmatch(wanted)
    if not match or not stands or int(match[1]) != number:
        raise ProblemError(
            HTTPStatus.PRECONDITION_FAILED, "it was changed meanwhile; read it again"
        )
    return number
