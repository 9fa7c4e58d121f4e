"""A CSV table, for reviewers who have nothing else: RFC 4180, UTF-8 with the mark that Excel needs.

What always holds: a text that a spreadsheet would take for a formula is written with an apostrophe
before it, which is taken off again on the way in.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from bojagi.authoring.exchange import Row, Sheet
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import InvalidValueError, SourceError

_COLUMNS: Final = (
    *("pack", "source_locale", "locale", "unit", "kind", "risk", "state"),
    *("source", "translation", "draft", "note", "before"),
)
_NEEDED: Final = ("pack", "source_locale", "locale", "unit", "source", "translation")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "'")
_DELIMITERS: Final = ",;\t"
_YES: Final = "yes"


def table_text(sheet: Sheet) -> str:
    """Write a table."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in sheet.rows:
        writer.writerow(
            _shielded(each)
            for each in (
                *(sheet.pack, sheet.source_locale, sheet.locale, row.context, row.kind, row.risk),
                *(row.state, row.source, row.text, _YES if row.is_draft else "", row.note),
                row.before,
            )
        )
    return "\ufeff" + target.getvalue()


def read_table(text: str, name: str) -> Sheet:
    """Read a table.

    Raises:
        SourceError: when it is none, saying on which line.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    missing = [column for column in _NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise SourceError.at(name, f"no column {', '.join(missing)}; expected {_HEADER}", line=1)
    rows: list[Row] = []
    about: set[tuple[str, str, str]] = set()
    try:
        for cells in reader:
            line = reader.line_num
            if None in cells or None in cells.values():
                raise SourceError.at(
                    name, f"expected {len(reader.fieldnames or ())} cells", line=line
                )
            plain = {key: _unshielded(cell) for key, cell in cells.items()}
            about.add((plain["pack"], plain["source_locale"], plain["locale"]))
            rows.append(
                Row(
                    context=plain["unit"],
                    source=plain["source"],
                    text=plain["translation"],
                    is_draft=plain.get("draft", "").strip().casefold() == _YES,
                    note=plain.get("note", ""),
                    before=plain.get("before", ""),
                    line=line,
                )
            )
    except csv.Error as error:
        raise SourceError.at(name, f"not a CSV table: {error}", line=reader.line_num) from error
    if len(about) != 1:
        raise SourceError.at(name, "expected rows of one pack in one locale", line=1)
    pack, source_locale, locale = about.pop()
    try:
        return Sheet(PackId(pack), LocaleCode(source_locale), LocaleCode(locale), tuple(rows))
    except InvalidValueError as error:
        raise SourceError.at(name, str(error), line=2, name=error.what) from error


_HEADER: Final = ", ".join(_NEEDED)


def _shielded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unshielded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
