"""What the files of the content folders must look like: marshmallow at the door.

`load` turns the errors of a schema into a `SourceError` that names file, line, field and what was
expected; inside, objects are right because they exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from bojagi.domain.exposure import Audience, Exposure
from bojagi.domain.identifiers import (
    ArticleId,
    Identifier,
    Jurisdiction,
    LocaleCode,
    PackId,
    ShelfCode,
)
from bojagi.domain.pack import Card, CardLine, ReviewClass, SignOff
from bojagi.domain.sources import Source
from bojagi.errors import InvalidValueError, Problem, SourceError

if TYPE_CHECKING:
    from bojagi.authoring.yaml_text import Document, Path

T = TypeVar("T")

LINE_BREAKS: Final = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
"""What any program takes for the end of a line (UAX #14, YAML 1.1), as a class of a pattern."""
YEARS: Final = range(1950, 2200)
"""Sources may be old; a day outside is a slip of the pen, and sums of days stay in range."""


class IdentifierField(fields.Field[Identifier]):
    """An identifier of the domain."""

    def __init__(self, kind: type[Identifier], *, required: bool = True) -> None:
        super().__init__(required=required)
        self.kind = kind

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> Identifier:
        if not isinstance(value, str):
            raise ValidationError(f"expected {self.kind.expected}")
        return parsed(self.kind, value)


class Text(fields.String):
    """Words: not empty, on one line."""

    def __init__(self, *, required: bool = True, **options: Any) -> None:
        super().__init__(
            required=required,
            validate=validate.Regexp(
                re.compile(rf"[^{LINE_BREAKS}]*[^\s{LINE_BREAKS}][^{LINE_BREAKS}]*\Z"),
                error="expected words on one line",
            ),
            **options,
        )


class Day(fields.Field[date]):
    """A day of our time, written 2026-11-23."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValidationError(f"{value!r} is not a day; expected one such as 2026-11-23")
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError(
                f"there is no day {value}; expected one such as 2026-11-23"
            ) from error
        if day.year not in YEARS:
            raise ValidationError(f"{value} is not of our time; expected one such as 2026-11-23")
        return day


class Number(fields.Field[int]):
    """A whole number, written one way only, so that it is written back as it stood."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> int:
        if not isinstance(value, str) or not is_whole_number(value):
            raise ValidationError("expected a whole number such as 1")
        return int(value)


class DialledOn(Day):
    """A day, or `never`."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> date:
        if value == "never":
            return date.min
        return super()._deserialize(value, attr, data, **kwargs)


def is_whole_number(text: str) -> bool:
    """Whether a text is a whole number in its one form: no sign, no leading zero, no grouping."""
    return re.fullmatch(r"0|[1-9][0-9]{0,14}", text) is not None


def parsed(kind: Callable[[str], T], value: str) -> T:
    """Make a domain value, or raise marshmallow's error with the domain's words."""
    try:
        return kind(value)
    except InvalidValueError as error:
        raise ValidationError(str(error)) from error


def choice(kind: type[StrEnum]) -> fields.Field[Any]:
    """Return a field that takes one of some words."""
    return fields.Enum(
        kind,
        by_value=True,
        required=True,
        error_messages={"unknown": "expected one of: {choices}"},
    )


def _address() -> fields.String:
    return fields.String(
        load_default="", validate=validate.Regexp(r"(\S+\.\S+)?\Z", error="expected an address")
    )


class StrictSchema(Schema):
    """A schema that takes no field it doesn't know."""

    class Meta:
        """Options of the schema."""

        unknown = RAISE

    error_messages = {"unknown": "this field is unknown here"}  # noqa: RUF012 - marshmallow's way


class SourceSchema(StrictSchema):
    """A source of an article or a fact."""

    title = Text()
    issuer = Text()
    address = _address()
    seen_on = Day(load_default=None)
    to_check = Text(required=False, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Source:
        """Make the source."""
        return _make(Source, data)


class CitedSchema(StrictSchema):
    """A document whose reading is dated elsewhere."""

    title = Text()
    issuer = Text()
    address = _address()


class CardLineSchema(StrictSchema):
    """A line of a card."""

    locale = IdentifierField(LocaleCode)
    text = Text()
    reading = Text()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> CardLine:
        """Make the line."""
        return _make(CardLine, data)


class CardSchema(StrictSchema):
    """A card."""

    text = Text()
    lines = fields.List(fields.Nested(CardLineSchema), required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Card:
        """Make the card."""
        return _make(Card, {**data, "lines": tuple(data["lines"])})


class ArticleSchema(StrictSchema):
    """The front matter of an article."""

    id = IdentifierField(ArticleId)
    title = Text()
    summary = Text()
    sources = fields.List(fields.Nested(SourceSchema), required=True)
    checked_on = Day(required=True)
    review_by = Day(required=True)
    review_class = choice(ReviewClass)
    jurisdictions = fields.List(IdentifierField(Jurisdiction), required=True)
    time_critical = fields.Boolean(
        required=True,
        truthy={"true"},
        falsy={"false"},
        error_messages={"invalid": "expected true or false"},
    )
    cards = fields.List(fields.Nested(CardSchema), load_default=list)


class PackSchema(StrictSchema):
    """`pack.yaml`."""

    id = IdentifierField(PackId)
    number = Number(required=True)
    version = Number(required=True)
    issued = Day(required=True)
    title = Text()
    source_locale = IdentifierField(LocaleCode)
    audience = choice(Audience)
    exposure = choice(Exposure)
    shelf = IdentifierField(ShelfCode)
    jurisdictions = fields.List(IdentifierField(Jurisdiction), required=True)
    licence = Text()
    publisher = Text()
    sign_offs = fields.List(choice(SignOff), required=True)
    articles = fields.List(IdentifierField(ArticleId), required=True)
    fallbacks = fields.Dict(
        keys=IdentifierField(LocaleCode), values=IdentifierField(LocaleCode), load_default=dict
    )


class FactSchema(StrictSchema):
    """One entry of `facts.yaml`, under its id."""

    value = Text()
    unit = Text()
    source = fields.Nested(CitedSchema, required=True)
    seen_on = Day(load_default=None)
    to_check = Text(required=False, load_default="")
    review_by = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Make the source of what was cited and when it was read."""
        dated = {"seen_on": data.pop("seen_on"), "to_check": data.pop("to_check")}
        return {**data, "source": _make(Source, {**data["source"], **dated})}


class ApprovalSchema(StrictSchema):
    """One entry of `approvals.yaml`."""

    digest = Text()
    kind = choice(SignOff)
    by = Text()
    on = Day(required=True)


class HotlineSchema(StrictSchema):
    """One entry of `hotlines.yaml`, under its id."""

    number = Text()
    what_for = Text()
    jurisdiction = IdentifierField(Jurisdiction)
    source = fields.Nested(SourceSchema, required=True)
    dialled_on = DialledOn(required=True)


class ShelfSchema(StrictSchema):
    """One entry of `shelves.yaml`, under its code."""

    audiences = fields.List(choice(Audience), required=True)
    locales = fields.List(IdentifierField(LocaleCode), required=True)
    library_locale = IdentifierField(LocaleCode)
    ceiling = choice(Exposure)
    sealed = fields.Boolean(
        required=True,
        truthy={"true"},
        falsy={"false"},
        error_messages={"invalid": "expected true or false"},
    )


class LocaleSchema(StrictSchema):
    """One entry of `i18n/locales.yaml`, under its code."""

    own_name = Text()
    language_tag = Text()
    words = fields.String(
        load_default="pages",
        validate=validate.OneOf(["pages", "all"], error="expected pages or all"),
    )

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Say whether every program speaks it."""
        words = data.pop("words")
        return {**data, "has_all_words": words == "all"}


def load(schema: Schema, document: Document, path: Path = ()) -> Any:
    """Load the value at a path of a document by a schema.

    Raises:
        SourceError: with every problem found, in file order.
    """
    data = document.data
    for step in path:
        data = data[step]
    if not isinstance(data, dict):
        raise SourceError.at(
            document.file,
            "expected fields such as 'id: …'",
            line=document.line_of(path),
            name=".".join(map(str, path)),
        )
    try:
        return schema.load(data)
    except ValidationError as error:
        raise SourceError(tuple(sorted(_problems(error.messages, document, path)))) from error


def says_the_same(schema: Schema, one: Any, other: Any) -> bool:
    """Whether two pieces of data mean the same by a schema, however they are written."""
    try:
        return bool(schema.load(one) == schema.load(other))
    except ValidationError:
        return False


def _problems(messages: Any, document: Document, path: Path) -> list[Problem]:
    if isinstance(messages, dict):
        found: list[Problem] = []
        for key, below in messages.items():
            found += _problems(below, document, path if key == "_schema" else (*path, key))
        return found
    name = ".".join(str(step) for step in path)
    return [
        Problem(document.file, document.line_of(path), name, _in_our_words(str(message)))
        for message in messages
    ]


def _in_our_words(message: str) -> str:
    return {
        "Missing data for required field.": "this field is missing",
        "Not a valid list.": "expected a list",
        "Not a valid string.": "expected words",
        "Invalid input type.": "expected fields of its own",
        "Field may not be null.": "expected a value",
    }.get(message, message)


def _make(kind: Callable[..., T], data: Mapping[str, Any]) -> T:
    try:
        return kind(**data)
    except InvalidValueError as error:
        raise ValidationError(str(error)) from error
