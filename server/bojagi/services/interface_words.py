"""The programs' own words: found in their sources by Babel, kept in a catalogue for each locale.

What always holds: a locale has the words of the pages, or, where it says `words: all`, of every
program; never half of them. What a locale lacks is shown in no other: a reader's page in the wrong
Korean could harm them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polib
from babel.messages.extract import extract_from_file

import bojagi
from bojagi.authoring.catalogues import interface_header, parse_catalogue
from bojagi.authoring.checks.rules import FRAGMENTS, RULES
from bojagi.authoring.files import read_text, write_atomically
from bojagi.authoring.library import CATALOGUES, INTERFACE, read_program_words
from bojagi.domain import limits
from bojagi.domain.finding import Severity
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN

_CONFIGURATION: Final = f"{CATALOGUES}/babel.cfg"
_PACKAGE: Final = Path(bojagi.__file__).parent
_KEYWORDS: Final = {"words": None, "mark": None}
"""What words are marked with: `words(…)` where they are used, `mark(…)` in tables."""
_PAGES: Final = (
    "building/templates/",
    *(f"building/{name}.py" for name in ("edition", "notes", "pages", "shelf_pages")),
    "building/withdrawal_words.py",
    "field/",
)
_RULES_FILE: Final = "authoring/checks/rules.py"
_NOT_PAGES: Final = "building/templates/library.html"
"""What support workers read, in the languages of the programs."""


@dataclass(frozen=True)
class Extracted:
    """What became of the catalogues of the programs' words.

    Attributes:
        changed: catalogues that were written, or would have to be.
        missing: words without a translation, by locale.
    """

    changed: tuple[str, ...]
    missing: Mapping[LocaleCode, tuple[str, ...]]

    @property
    def is_complete(self) -> bool:
        """Whether every catalogue is as it should be, and lacks no word."""
        return not self.changed and not any(self.missing.values())


def words_used(root: Path) -> dict[str, list[str]]:
    """Return every word of the programs, in order, with the files that use it."""
    found: dict[str, list[str]] = {}
    for method, path in _sources(root):
        name = path.relative_to(_PACKAGE).as_posix()
        options = {"silent": "false"}
        for _, message, _, _ in extract_from_file(method, path, _KEYWORDS, options=options):
            files = found.setdefault(str(message), [])
            if name not in files:
                files.append(name)
    for words in _words_of_rules():
        found.setdefault(words, [_RULES_FILE])
    return found


def _words_of_rules() -> Iterator[str]:
    """Yield the words of the checks, which stand in tables that Babel can't read."""
    for rule in RULES.values():
        yield from (rule.words, rule.to_do, rule.blind_spot)
    yield from FRAGMENTS
    yield from map(str, Severity)


def extract(root: Path, *, only_look: bool = False) -> Extracted:
    """Bring the catalogues of the programs' words in step with their sources.

    Args:
        root: the project's folder.
        only_look: write nothing.

    Raises:
        SourceError: for a catalogue that can't be read or written.
    """
    used = words_used(root)
    locales, _ = read_program_words(root)
    changed: list[str] = []
    missing: dict[LocaleCode, tuple[str, ...]] = {}
    for locale in locales.values():
        if locale.code == EN:
            continue
        needed = {
            words: files
            for words, files in used.items()
            if locale.has_all_words or any(map(is_of_pages, files))
        }
        name = f"{CATALOGUES}/{locale.code}/LC_MESSAGES/{INTERFACE}.po"
        before = ""
        if (root / name).exists():
            before = read_text(root / name, name, limit=limits.CATALOGUE_BYTES)
        text, lacking = _catalogue(before, name, locale.code, needed)
        if text != before:
            changed.append(name)
            if not only_look:
                write_atomically(root / name, text.encode("utf-8"))
        missing[locale.code] = lacking
    return Extracted(tuple(changed), missing)


def _catalogue(
    before: str, name: str, locale: LocaleCode, needed: Mapping[str, list[str]]
) -> tuple[str, tuple[str, ...]]:
    """Return a catalogue of just the words that are needed, and those it has no translation of."""
    known = parse_catalogue(before, name, locale).entries if before else {}
    file = polib.POFile(wrapwidth=0)
    file.metadata = interface_header(locale)
    lacking: list[str] = []
    for words, files in needed.items():
        entry = polib.POEntry(msgid=words, occurrences=[(each, "") for each in files])
        old = known.get(words)
        if old:
            entry.msgstr, entry.tcomment = old.text, old.note
        if "{" in words:
            entry.flags.append("python-brace-format")
        if old and old.is_fuzzy:
            entry.flags.append("fuzzy")
        if not entry.msgstr.strip() or entry.fuzzy:
            lacking.append(words)
        file.append(entry)
    return str(file), tuple(lacking)


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of the package that may hold words, with Babel's method for it."""
    parser = ConfigParser()
    parser.read(root / _CONFIGURATION, "utf-8")
    for section in parser.sections():
        method, _, pattern = section.partition(":")
        below = pattern.strip().removeprefix("server/bojagi/").replace("**.", "**/*.")
        for path in sorted(_PACKAGE.glob(below)):
            yield method.strip(), path


def is_of_pages(file: str) -> bool:
    """Whether readers may meet the words of a file of the package."""
    return file.startswith(_PAGES) and file != _NOT_PAGES
