"""Names that parse or raise: an identifier that exists is well formed."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from bojagi.errors import InvalidValueError


class Identifier(str):
    """A string that matched its pattern when it was made.

    Raises:
        InvalidValueError: when the text doesn't match.
    """

    __slots__ = ()
    what: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]
    expected: ClassVar[str]

    def __new__(cls, text: str) -> Self:
        """Parse the text."""
        if not cls.pattern.fullmatch(text):
            raise InvalidValueError(cls.what, text, cls.expected)
        return super().__new__(cls, text)


_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class PackId(Identifier):
    """The name of a pack's folder. Authors see it; readers never do."""

    __slots__ = ()
    what = "pack id"
    pattern = re.compile(r"(?=.{1,40}\Z)" + _SLUG.pattern)
    expected = "lower-case words of a-z and 0-9 joined by '-', at most 40 characters"


class ArticleId(Identifier):
    """The name of an article inside its pack."""

    __slots__ = ()
    what = "article id"
    pattern = PackId.pattern
    expected = PackId.expected


class UnitId(Identifier):
    """The name of a unit inside its article; survives edits and moves."""

    __slots__ = ()
    what = "unit id"
    pattern = re.compile(r"title|summary|[a-z2-7]{6}")
    expected = "'title', 'summary' or six characters of a-z and 2-7"


class FactId(Identifier):
    """The name of a fact or of a hotline, as text refers to it."""

    __slots__ = ()
    what = "fact id"
    pattern = re.compile(r"[a-z](?:[a-z0-9_]{0,38}[a-z0-9])?")
    expected = "a-z, 0-9 and '_', beginning with a letter, at most 40 characters"


class ShelfCode(Identifier):
    """The opaque code of a shelf; it must say nothing of what stands there."""

    __slots__ = ()
    what = "shelf code"
    pattern = re.compile(r"[a-z][0-9]{1,3}")
    expected = "one letter and one to three digits, such as 'a3'"


class LocaleCode(Identifier):
    """A POSIX locale code, as folder names in `i18n/` have it."""

    __slots__ = ()
    what = "locale"
    pattern = re.compile(r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_[A-Z]{2})?")
    expected = "a POSIX locale code such as ko_KP, en or zh_Hans"

    @property
    def is_korean(self) -> bool:
        """Whether this is one of the two Koreans, which never stand in for each other."""
        return self.startswith("ko_")


class Jurisdiction(Identifier):
    """An ISO 3166-1 alpha-2 code, or `any` where a statement holds anywhere."""

    __slots__ = ()
    what = "jurisdiction"
    pattern = re.compile(r"any|[A-Z]{2}")
    expected = "an ISO 3166 code such as KR, or 'any'"
