"""Translations out to the tools that translators use, and back: PO, XLIFF 2, a CSV table.

What always holds:

- A file carries texts and what helps to translate them; no person, no date.
- A row says which words it was made from: the source as it stood, and a digest of the translation
  that was there. So what comes back late is seen to be late, and overwrites nothing newer.
- A file that can't be read whole is refused whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bojagi.authoring.units import text_digest
from bojagi.domain.identifiers import LocaleCode, PackId


class Format(StrEnum):
    """How a file of translations is written."""

    PO = "po"
    XLIFF = "xliff"
    CSV = "csv"


@dataclass(frozen=True)
class Row:
    """One unit in a file of translations.

    Attributes:
        source: its source, as the file has it.
        text: its translation; empty where there is none.
        is_draft: whether who wrote it calls it unfinished.
        note: what translators wrote beside it for each other.
        before: digest of the translation that was there when the file was made, `new` where there
            was none; empty where the file doesn't say.
        kind, risk, state: what helps to translate it; nothing reads them back.
        line: where it stands in the file, counted from 1; 0 where that can't be told.
    """

    context: str
    source: str
    text: str
    is_draft: bool = False
    note: str = ""
    before: str = ""
    kind: str = ""
    risk: str = ""
    state: str = ""
    line: int = 0


@dataclass(frozen=True)
class Sheet:
    """A file of translations of one pack into one locale."""

    pack: PackId
    source_locale: LocaleCode
    locale: LocaleCode
    rows: tuple[Row, ...]


NOTHING_BEFORE = "new"


def digest_before(text: str) -> str:
    """Return how a row names the translation that was there before."""
    return text_digest(text) if text.strip() else NOTHING_BEFORE
