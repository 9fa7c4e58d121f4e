"""The programs' own words in one locale, and how it writes dates and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from bojagi.domain.locales import EN, Locale
from bojagi.errors import UntranslatedError


@dataclass(frozen=True)
class Words:
    """Words of the interface in one locale; calling it with the English gives them.

    Attributes:
        translations: English to this locale's words. English needs none.
    """

    locale: Locale
    translations: Mapping[str, str] = field(repr=False)

    def __call__(self, message: str, **values: str | int) -> str:
        """Return the words for a message, its `{names}` filled in.

        Raises:
            UntranslatedError: when the locale lacks them. Nothing stands in: words in the other
                Korean on a reader's page could harm them.
        """
        text = self.translations.get(message) or (message if self.locale.code == EN else "")
        if not text:
            raise UntranslatedError(self.locale.code, (message,))
        return text.format(**values) if values else text

    def day(self, day: date) -> str:
        """Write a day the way the locale does, by the Gregorian calendar."""
        return format_date(day, format="long", locale=str(self.locale.code))

    def number(self, value: int) -> str:
        """Write a whole number the way the locale does."""
        return format_decimal(value, locale=str(self.locale.code))


def mark(message: str) -> str:
    """Mark a message of a table for extraction; it is translated where it is used."""
    return message
