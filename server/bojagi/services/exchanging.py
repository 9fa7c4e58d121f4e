"""Translations out to translators' tools and back in: looked at first, then taken or left.

What always holds:

- Nothing newer is overwritten: a text that changed here since the file went out is a conflict, and
  stays.
- What comes back is at most "to review": an approval is of a pair of texts, and no file gives one.
- A file in which one text can't stand, or that can't be read whole, changes nothing at all.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from bojagi.authoring.catalogues import Catalogue, Entry, merge
from bojagi.authoring.checks.folding import is_invisible
from bojagi.authoring.exchange import Format, Row, Sheet, digest_before
from bojagi.authoring.exchange.po import po_text, read_po
from bojagi.authoring.exchange.table import read_table, table_text
from bojagi.authoring.exchange.xliff import read_xliff, xliff_text
from bojagi.authoring.files import write_atomically
from bojagi.authoring.library import CATALOGUES, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.authoring.sameness import differences
from bojagi.authoring.standing import Standing, standings
from bojagi.domain import limits
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import Article, Unit, UnitKind
from bojagi.domain.translation import UnitState
from bojagi.errors import InvalidValueError, MarkupError, SourceError
from bojagi.markup.passages import join

_ENDINGS: Final = {
    ".po": Format.PO,
    ".xlf": Format.XLIFF,
    ".xliff": Format.XLIFF,
    ".csv": Format.CSV,
}
_ON_ONE_LINE: Final = frozenset({UnitKind.TITLE, UnitKind.SUMMARY, UnitKind.CARD})


class Outcome(StrEnum):
    """What becomes of one unit of a file that came back."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    """The file has no words for it."""
    CONFLICTING = "conflicting"
    """It changed here as well since the file went out."""
    STALE = "stale"
    """Its source changed here since the file went out."""
    UNKNOWN = "unknown"
    """There is no such unit."""
    REFUSED = "refused"
    """Its words can't stand there; with one such, nothing of the file is taken."""


@dataclass(frozen=True)
class Judged:
    """One unit of a file that came back.

    Attributes:
        why: what is wrong with it, or what to look at; empty where nothing is.
        here: the translation that stands here.
    """

    row: Row
    outcome: Outcome
    why: str = ""
    here: str = ""


@dataclass(frozen=True)
class Incoming:
    """A file that came back, looked at.

    Attributes:
        file: the catalogue it is for, below the project's folder.
        catalogue: the text of that catalogue with what is taken.
    """

    sheet: Sheet
    file: str
    judged: tuple[Judged, ...]
    catalogue: str

    @property
    def counts(self) -> Counter[Outcome]:
        """How many units there are of each outcome."""
        return Counter(each.outcome for each in self.judged)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it may be taken."""
        return Outcome.REFUSED in self.counts

    @property
    def is_clean(self) -> bool:
        """Whether everything in it was taken, or had been before."""
        good = {Outcome.TAKEN, Outcome.UNCHANGED, Outcome.EMPTY}
        return set(self.counts) <= good


def format_of(path: Path) -> Format:
    """Return the format that a file's name tells; raises `InvalidValueError` for any other."""
    found = _ENDINGS.get(path.suffix.casefold())
    if found is None:
        raise InvalidValueError("file of translations", path.name, ", ".join(_ENDINGS))
    return found


def export_sheet(library: Library, name: str, locale: str, written_as: Format) -> str:
    """Write a pack's translations into a locale for a translator's tool.

    Raises:
        InvalidValueError: for a pack that isn't there, or a locale it isn't translated into.
    """
    folder, code = _folder(library, name), LocaleCode(locale)
    pack = folder.pack
    catalogue = library.catalogues.get((pack.id, code))
    if code not in library.locales or code == pack.source_locale:
        others = [each for each in library.locales if each != pack.source_locale]
        raise InvalidValueError("locale", locale, ", ".join(others))
    rows = tuple(map(_row, standings(folder, code, library)))
    sheet = Sheet(pack.id, pack.source_locale, code, rows)
    if written_as is Format.PO:
        return po_text(sheet, merge(pack, code, catalogue))
    return xliff_text(sheet) if written_as is Format.XLIFF else table_text(sheet)


def look_at(library: Library, path: Path) -> Incoming:
    """Read a file that came back and say what would become of each unit; nothing is changed.

    Raises:
        SourceError: when it can't be read whole, saying where.
        InvalidValueError: when it is of no pack or locale that is here.
    """
    sheet = _read(path)
    folder = _folder(library, sheet.pack)
    if sheet.locale not in library.locales or sheet.locale == folder.pack.source_locale:
        raise InvalidValueError("locale", sheet.locale, "one that this pack is translated into")
    if sheet.source_locale != folder.pack.source_locale:
        expected = f"{folder.pack.source_locale}, which the pack is written in"
        raise InvalidValueError("source locale", sheet.source_locale, expected)
    units = {each.context: each for each in standings(folder, sheet.locale, library)}
    judged = tuple(_judged(row, units.get(row.context)) for row in sheet.rows)
    judged = tuple(_shape_judged(folder, judged))
    file = f"{CATALOGUES}/{sheet.locale}/LC_MESSAGES/{sheet.pack}.po"
    existing = library.catalogues.get((sheet.pack, sheet.locale))
    entries = dict(existing.entries) if existing else {}
    for each in judged:
        if each.outcome is Outcome.TAKEN:
            row = each.row
            entries[row.context] = Entry(row.source, row.text, row.is_draft, 0, note=row.note)
    merged = merge(folder.pack, sheet.locale, Catalogue(file, sheet.locale, entries))
    return Incoming(sheet, file, judged, merged)


def take(root: Path, incoming: Incoming) -> bool:
    """Write the catalogue with what is taken; return whether anything changed.

    Raises:
        InvalidValueError: when a text of the file can't stand; then nothing is written.
        SourceError: when it can't be written.
    """
    if incoming.is_refused:
        raise InvalidValueError("file", incoming.sheet.pack, "texts that can all stand")
    return write_atomically(root / incoming.file, incoming.catalogue.encode("utf-8"))


def out_of_step(root: Path, library: Library) -> list[str]:
    """Return the catalogues that an update would write otherwise, by their paths."""
    found = []
    for (pack, locale), catalogue in library.catalogues.items():
        text = merge(library.folders[pack].pack, locale, catalogue)
        if (root / catalogue.file).read_bytes() != text.encode("utf-8"):
            found.append(catalogue.file)
    return found


def _read(path: Path) -> Sheet:
    """Read a file as tools leave it: with a byte order mark, Windows line ends, letters apart."""
    name = path.name
    written_as = format_of(path)
    try:
        if path.stat().st_size > limits.EXCHANGE_BYTES:
            message = f"{path.stat().st_size} bytes; expected at most {limits.EXCHANGE_BYTES}"
            raise SourceError.at(name, message)
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError.at(name, f"can't be read: {error.strerror}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"not UTF-8: byte 0x{raw[error.start]:02x}; save it as UTF-8"
        raise SourceError.at(name, message, line=line) from error
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    sheet = {Format.PO: read_po, Format.XLIFF: read_xliff, Format.CSV: read_table}[written_as](
        text, name
    )
    for context, times in Counter(row.context for row in sheet.rows).items():
        if times > 1:
            raise SourceError.at(name, f"{times} entries for {context!r}; expected one")
    return sheet


def _row(unit: Standing) -> Row:
    entry = unit.entry
    return Row(
        context=unit.context,
        source=unit.source,
        text=unit.text,
        is_draft=entry is not None and entry.is_fuzzy,
        note=entry.note if entry else "",
        before=digest_before(unit.text),
        kind=str(unit.kind),
        risk=str(unit.risk),
        state=str(unit.state),
    )


def _judged(row: Row, unit: Standing | None) -> Judged:
    """Say what becomes of a unit, before its place in the page is looked at."""
    if unit is None:
        return Judged(row, Outcome.UNKNOWN)
    outcome, why = _compared(row, unit)
    if outcome is Outcome.TAKEN:
        outcome, why = _fitting(row, unit)
    return Judged(row, outcome, why, unit.text)


def _compared(row: Row, unit: Standing) -> tuple[Outcome, str]:
    """Say whether a text is new, late or untouched."""
    here, note = unit.text, unit.entry.note if unit.entry else ""
    is_draft = unit.state not in {UnitState.TO_REVIEW, UnitState.APPROVED}
    if not row.text.strip() and row.note == note:
        return Outcome.EMPTY, ""
    if row.text == here and row.note == note and row.is_draft == is_draft:
        return Outcome.UNCHANGED, ""
    if row.text != here and row.before == digest_before(row.text):
        return Outcome.UNCHANGED, "it was left as it went out; here is a newer one"
    if row.source != unit.source:
        return Outcome.STALE, "its source reads otherwise now"
    was_touched = row.before != digest_before(here) if row.before else bool(here.strip())
    if was_touched and row.text != here:
        return Outcome.CONFLICTING, "it was changed here, too"
    return Outcome.TAKEN, ""


def _fitting(row: Row, unit: Standing) -> tuple[Outcome, str]:
    """Say whether the words can stand, and what to look at where they can."""
    hidden = next((char for char in row.text if char != "\n" and is_invisible(char)), "")
    if hidden and hidden not in unit.source:
        return Outcome.REFUSED, f"it holds a sign that nobody sees, U+{ord(hidden):04X}"
    if unit.kind in _ON_ONE_LINE and "\n" in row.text:
        return Outcome.REFUSED, f"a {unit.kind} stands on one line"
    if not row.text.strip():
        return Outcome.TAKEN, ""
    found = differences(unit.source, row.text)
    return Outcome.TAKEN, "; ".join(f"other {what}: {which}" for what, which in found)


def _shape_judged(folder: PackFolder, judged: Iterable[Judged]) -> Iterator[Judged]:
    """Refuse what would change the shape of its page."""
    judged = list(judged)
    taken = {
        each.row.context: each.row.text
        for each in judged
        if each.outcome is Outcome.TAKEN and each.row.text.strip()
    }
    why: dict[str, str] = {}
    for article in folder.pack.articles:
        mine = {f"{article.id}#{unit.id}" for unit in article.units if _is_passage(unit)}
        texts = {context: text for context, text in taken.items() if context in mine}
        if texts and _misfit(article, texts):  # only then each alone, which takes longer
            why |= {each: _misfit(article, {each: text}) for each, text in texts.items()}
    for each in judged:
        reason = why.get(each.row.context, "")
        yield replace(each, outcome=Outcome.REFUSED, why=reason) if reason else each


def _misfit(article: Article, texts: Mapping[str, str]) -> str:
    """Say how texts would change the shape of their article; empty where they don't."""
    passages = [unit for unit in article.units if _is_passage(unit)]
    try:
        join(article.body, [texts.get(f"{article.id}#{each.id}", each.text) for each in passages])
    except MarkupError as error:
        return error.message
    return ""


def _is_passage(unit: Unit) -> bool:
    return unit.kind not in _ON_ONE_LINE


def _folder(library: Library, name: str) -> PackFolder:
    folder = library.folders.get(PackId(name))
    if folder is None:
        raise InvalidValueError("pack", name, ", ".join(library.folders))
    return folder
