"""The programs' own words in one locale, and how it writes dates and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

from babel import Locale as CldrLocale
from babel.dates import format_date
from babel.numbers import format_decimal

from bojagi.domain.hangul.order import kp_sort_key, kr_sort_key
from bojagi.domain.identifiers import Jurisdiction
from bojagi.domain.locales import EN, KO_KP, Locale
from bojagi.errors import UntranslatedError

_KP_COUNTRIES: Final = {
    "KP": "조선민주주의인민공화국",
    "CN": "중국",
    "KW": "꾸웨이트",
    "MN": "몽골",
    "PL": "뽈스까",
    "QA": "까타르",
    "RU": "로씨야",
}
"""ISO 3166 to what the northern standard calls a country: CLDR 48 for KP itself, for the others the
glossary (`i18n/glossary.csv`, "Time, numbers, places"), which gives the evidence for each."""


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

    def clock(self, moment: time) -> str:
        """Write a time of day by 24 hours: CLDR 48 has `PM 2:05` for both Koreans."""
        return moment.strftime("%H:%M")

    def country(self, code: Jurisdiction) -> str:
        """Return what the locale calls a country.

        Raises:
            UntranslatedError: where nobody has said what it is called in ko_KP: CLDR's names there
                are southern ones.
        """
        if self.locale.code == KO_KP:
            if code not in _KP_COUNTRIES:
                raise UntranslatedError(KO_KP, (code,))
            return _KP_COUNTRIES[code]
        names = CldrLocale.parse(str(self.locale.code)).territories
        if code not in names:
            raise UntranslatedError(self.locale.code, (code,))
        return str(names[code])

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Return names in the order of the locale's dictionaries; CLDR has a southern one alone."""
        if self.locale.code == KO_KP:
            return sorted(names, key=kp_sort_key)
        return sorted(names, key=kr_sort_key)

    def number(self, value: int) -> str:
        """Write a whole number the way the locale does."""
        return format_decimal(value, locale=str(self.locale.code))


def mark(message: str) -> str:
    """Mark a message of a table for extraction; it is translated where it is used."""
    return message
