"""The programs' own words where there are no content folders: for those who sign and who verify."""

from __future__ import annotations

from functools import cache

from bojagi.authoring.files import PROGRAM_ROOTS
from bojagi.authoring.library import CATALOGUES, read_program_words
from bojagi.building.words import Words
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN, Locale


@cache
def program_words(locale: LocaleCode) -> Words:
    """Return the programs' words in a locale; English where that locale isn't installed."""
    for root in PROGRAM_ROOTS:
        if (root / CATALOGUES).is_dir():
            locales, interface = read_program_words(root)
            if locale in locales:
                return Words(locales[locale], interface.get(locale, {}))
    return Words(Locale(EN, "English", "en"), {})
