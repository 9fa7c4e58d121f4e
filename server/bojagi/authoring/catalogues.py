"""PO catalogues: the translations of a pack, and the words of the programs (polib).

What always holds:

- The context of an entry is its article and unit id (`cold#k3v9x2`), so a translation follows its
  unit through edits and moves; the pack's own title is `pack#title`.
- A translation counts only when it was made from the very text that stands there now. Anything
  else is missing or stale, and says so.
- Files are in the form of `msgcat --no-wrap`, and their headers name no person and no date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polib
from babel import Locale as CldrLocale
from babel.core import UnknownLocaleError

from bojagi.authoring.files import read_text
from bojagi.domain import limits
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.pack import UnitKind
from bojagi.errors import Problem, SourceError

if TYPE_CHECKING:
    from bojagi.domain.pack import Pack

PACK_TITLE: Final = "pack#title"


class UnitState(StrEnum):
    """What a catalogue has for one unit."""

    TRANSLATED = "translated"
    MISSING = "missing"
    STALE = "stale"
    """Translated from another text than the one that stands there now."""


@dataclass(frozen=True)
class Entry:
    """One entry of a catalogue."""

    source: str
    text: str
    is_fuzzy: bool
    line: int


@dataclass(frozen=True)
class Catalogue:
    """The translations of one pack into one locale.

    Attributes:
        file: path below the project's folder.
        entries: by context.
    """

    file: str
    locale: LocaleCode
    entries: Mapping[str, Entry] = field(repr=False)

    def state(self, context: str, source: str) -> UnitState:
        """Say what there is for a unit whose text is now `source`."""
        entry = self.entries.get(context)
        if entry is None or not entry.text.strip():
            return UnitState.MISSING
        if entry.is_fuzzy or entry.source != source:
            return UnitState.STALE
        return UnitState.TRANSLATED


def contexts(pack: Pack) -> Iterator[tuple[str, UnitKind, str]]:
    """Yield the context, kind and text of every unit of a pack, in reading order."""
    yield PACK_TITLE, UnitKind.TITLE, pack.title
    for article in pack.articles:
        for unit in article.units:
            yield f"{article.id}#{unit.id}", unit.kind, unit.text


def read_catalogue(path: Path, name: str, locale: LocaleCode) -> Catalogue:
    """Read a PO file.

    Raises:
        SourceError: when it isn't one, or two entries share a context.
    """
    text = read_text(path, name, limit=limits.CATALOGUE_BYTES)
    try:
        parsed = polib.pofile(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SourceError.at(name, f"not a PO file: {error}") from error
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for each in parsed:
        if each.obsolete:
            continue
        context = each.msgctxt or ""
        key = context or each.msgid
        if key in entries:
            message = f"two entries for {key!r}; expected one"
            problems.append(Problem(name, each.linenum or 0, "msgctxt", message))
        entries[key] = Entry(each.msgid, each.msgstr, each.fuzzy, each.linenum or 0)
    if problems:
        raise SourceError(tuple(problems))
    return Catalogue(name, locale, entries)


def merge(pack: Pack, locale: LocaleCode, existing: Catalogue | None) -> str:
    """Write a pack's catalogue anew: every unit in reading order, what was translated kept.

    A translation made from another text stays beside it, marked fuzzy, with the text it was made
    from as `#| msgid`. Entries whose unit is gone are dropped; the history keeps them.
    """
    known = existing.entries if existing else {}
    file = polib.POFile(wrapwidth=0, check_for_duplicates=True)
    file.metadata = _header(pack, locale)
    for context, kind, source in contexts(pack):
        before = known.get(context)
        entry = polib.POEntry(
            msgctxt=context, msgid=source, msgstr=before.text if before else "", comment=str(kind)
        )
        if before and before.text and (before.source != source or before.is_fuzzy):
            entry.flags.append("fuzzy")
            if before.source != source:
                entry.previous_msgid = before.source
        file.append(entry)
    return str(file)


def read_interface(path: Path, name: str, locale: LocaleCode) -> Mapping[str, str]:
    """Read the words of the programs in one locale: what they are called in English, to theirs."""
    catalogue = read_catalogue(path, name, locale)
    return {
        entry.source: entry.text
        for entry in catalogue.entries.values()
        if entry.text and not entry.is_fuzzy
    }


def _header(pack: Pack, locale: LocaleCode) -> dict[str, str]:
    return {
        "Project-Id-Version": str(pack.id),
        "Language": str(locale),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(locale),
        "X-Source-Language": str(pack.source_locale),
    }


def _plural_forms(locale: LocaleCode) -> str:
    try:
        cldr = CldrLocale.parse(str(locale))
    except (UnknownLocaleError, ValueError):
        return "nplurals=1; plural=0;"
    from babel.messages.plurals import get_plural

    plural = get_plural(cldr)
    return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"
