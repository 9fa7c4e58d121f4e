"""Fields of what is sent here: words that every database and file can hold, and nothing hidden."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

_UNHOLDABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL can't keep, and halves of characters, which are no text."""
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class Sent(Schema):
    """What is sent here: a field that isn't known is refused."""

    class Meta:
        """Options of the schema."""

        unknown = RAISE


class Words(fields.String):
    """Text that can be kept anywhere.

    Args:
        most: characters.
        least: characters.
    """

    def __init__(self, most: int, least: int = 1, **options: Any) -> None:
        options.setdefault("required", True)
        super().__init__(validate=validate.Length(min=least, max=most), **options)

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if _UNHOLDABLE.search(text):
            raise ValidationError("holds NUL or half a character, which no file should")
        return text


class DayWords(fields.String):
    """A day as files write it: 2026-11-23."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            validate=validate.Regexp(_DAY, error="expected a day such as 2026-11-23"), **options
        )


class Bytes(fields.String):
    """Bytes, sent as base64 (RFC 4648, section 4)."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError("expected base64") from error


def one_of(words: Iterable[object]) -> validate.OneOf:
    """Return the rule that a text is one of some words, of an enumeration for one."""
    return validate.OneOf([str(each) for each in words])
