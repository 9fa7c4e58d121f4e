"""The programs' own words where there are no content folders: for those who sign and who verify."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import bojagi
from bojagi.authoring.library import CATALOGUES, read_program_words
from bojagi.building.words import Words
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN, Locale

_PACKAGE: Final = Path(bojagi.__file__).parent
_ROOTS: Final = (_PACKAGE, _PACKAGE.parents[1])
"""Beside the modules where it is installed from a wheel; in the project where it is worked on."""


@cache
def program_words(locale: LocaleCode) -> Words:
    """Return the programs' words in a locale; English where that locale isn't installed."""
    for root in _ROOTS:
        if (root / CATALOGUES).is_dir():
            locales, interface = read_program_words(root)
            if locale in locales:
                return Words(locales[locale], interface.get(locale, {}))
    return Words(Locale(EN, "English", "en"), {})
