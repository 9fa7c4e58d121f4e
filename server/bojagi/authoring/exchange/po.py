"""PO for Poedit, OmegaT or Weblate, and back: the catalogue, with what each unit began from."""

from __future__ import annotations

from typing import Final

import polib

from bojagi.authoring.catalogues import BEFORE, PACK, SOURCE_LANGUAGE, parse_catalogue
from bojagi.authoring.exchange import Row, Sheet
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import InvalidValueError, SourceError

_LANGUAGE: Final = "Language"
_FOR_READING: Final = LocaleCode("en")


def po_text(sheet: Sheet, catalogue: str) -> str:
    """Write a catalogue for a translator.

    Args:
        sheet: what goes out.
        catalogue: the text of the catalogue as it is kept.
    """
    file = polib.pofile(f"{catalogue}\n", wrapwidth=0)
    before = {row.context: row.before for row in sheet.rows}
    for entry in file:
        entry.comment = f"{entry.comment}\n{BEFORE}{before[entry.msgctxt]}"
    return str(file)


def read_po(text: str, name: str) -> Sheet:
    """Read a catalogue that came back, however its lines are broken and its entries ordered.

    Raises:
        SourceError: when it is none, or doesn't say of which pack and locale it is.
    """
    catalogue = parse_catalogue(text, name, _FOR_READING)
    headers = catalogue.headers
    try:
        pack = PackId(headers.get(PACK, ""))
        locale = LocaleCode(headers.get(_LANGUAGE, "").replace("-", "_"))
        source_locale = LocaleCode(headers.get(SOURCE_LANGUAGE, "").replace("-", "_"))
    except InvalidValueError as error:
        expected = f"headers {PACK}, {_LANGUAGE} and {SOURCE_LANGUAGE} as they were sent out"
        raise SourceError.at(name, f"{error}; expected {expected}", line=1) from error
    rows = tuple(
        Row(
            context=context,
            source=entry.source,
            text=entry.text,
            is_draft=entry.is_fuzzy,
            note=entry.note,
            before=_before(entry.comment),
            line=entry.line,
        )
        for context, entry in catalogue.entries.items()
    )
    return Sheet(pack, source_locale, locale, rows)


def _before(comment: str) -> str:
    """Return what an entry says it began from; some tools put all comments on one line."""
    _, found, rest = comment.partition(BEFORE)
    return rest.split()[0] if found and rest.split() else ""
