"""The locales a publisher works in, and which Korean an audience is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bojagi.domain.identifiers import LocaleCode

KO_KP: Final = LocaleCode("ko_KP")
KO_KR: Final = LocaleCode("ko_KR")
EN: Final = LocaleCode("en")


@dataclass(frozen=True)
class Locale:
    """One locale of `i18n/locales.yaml`.

    Attributes:
        code: its POSIX code and folder name.
        own_name: what its speakers call it (CLDR's names for the two Koreans are southern ones).
        language_tag: BCP 47, as HTML's `lang` carries it. Both Koreans are `ko`: a territory in
            the markup would be one more mark on a page.
    """

    code: LocaleCode
    own_name: str
    language_tag: str
