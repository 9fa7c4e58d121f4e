"""Libraries written to a folder for the tests of the checks: one pack, one defect at a time."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from bojagi.authoring import yaml_text
from bojagi.authoring.catalogues import contexts, merge, read_catalogue
from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import Library, read_library
from bojagi.authoring.pack_folder import pack_files, read_pack
from bojagi.domain.finding import Finding
from bojagi.domain.identifiers import LocaleCode, PackId

CORPUS: Final = Path(__file__).parents[1] / "corpus"
PROJECT: Final = Path(__file__).parents[2]
TODAY: Final = date(2026, 11, 24)
PACK: Final = "sample"
_EMPTY: Final = 'msgstr ""'
_ESCAPE: Final = re.compile(r"\\u\{([0-9A-F]+)\}")

Data = dict[str, Any]
Edit = tuple[tuple[str | int, ...], Any]
"""A path into a file's data and the value to put there; None takes the key away."""

_LOCALES: Final = """\
ko_KP: {own_name: 조선말, language_tag: ko}
ko_KR: {own_name: 한국어, language_tag: ko}
en: {own_name: English, language_tag: en}
ru: {own_name: Русский, language_tag: ru}
zh_Hans: {own_name: 简体中文, language_tag: zh-Hans}
"""
_SHELVES: Final = """\
a3:
  audiences: [worker, departed]
  locales: [ko_KP, en, ko_KR, ru, zh_Hans]
  library_locale: ko_KR
  ceiling: ordinary
  sealed: false
d5:
  audiences: [settled, staff]
  locales: [ko_KR, en]
  library_locale: ko_KR
  ceiling: dangerous
  sealed: true
"""
HOTLINES: Final = """\
dialled_line:
  number: "1350"
  what_for: 일터의 문제를 물어보는 곳
  jurisdiction: KR
  source: {title: 안내 글, issuer: 고용노동부, seen_on: 2026-11-01}
  dialled_on: 2026-11-02
silent_line:
  number: "1577-6635"
  what_for: 정착을 돕는 곳
  jurisdiction: KR
  source: {title: 안내 글, issuer: 남북하나재단, seen_on: 2026-11-01}
  dialled_on: never
"""
BODY: Final = "물을 자주 마시고 그늘에서 쉽니다.\n"


def article_data() -> Data:
    """An article nothing can be said against."""
    return {
        "id": "sample",
        "title": "더위에서 몸을 지키기",
        "summary": "더위를 먹은 표시와 그때 할 일",
        "sources": [{"title": "Heat Stress", "issuer": "NIOSH", "seen_on": "2026-11-01"}],
        "checked_on": "2026-11-01",
        "review_by": "2027-05-01",
        "review_class": "guidance",
        "jurisdictions": ["KR"],
        "time_critical": "false",
    }


def pack_data(audience: str = "worker") -> Data:
    """A pack nothing can be said against."""
    is_northern = audience in {"worker", "departed"}
    return {
        "id": PACK,
        "number": "1",
        "version": "1",
        "issued": "2026-11-01",
        "title": "몸을 지키기",
        "source_locale": "ko_KP" if is_northern else "ko_KR",
        "audience": audience,
        "exposure": "ordinary",
        "shelf": "a3" if is_northern else "d5",
        "jurisdictions": ["KR"],
        "licence": "CC-BY-SA-4.0",
        "publisher": "demo",
        "sign_offs": ["safety", "northern_reader"],
        "articles": ["sample"],
    }


def fact_data(**changes: str) -> Data:
    """A fact nothing can be said against, as `facts.yaml` has it."""
    source = {"title": "고시", "issuer": "고용노동부"}
    data = {"value": "10320", "unit": "KRW", "source": source, "seen_on": "2026-11-01"}
    return {**data, "review_by": "2027-01-01", **changes}


def edited(data: Data, *edits: Edit) -> Data:
    """Return the data with values put at their paths."""
    for path, value in edits:
        target: Any = data
        for step in path[:-1]:
            target = target[step]
        if value is None:
            del target[path[-1]]
        else:
            target[path[-1]] = value
    return data


@dataclass
class Sample:
    """A library with one pack of one article, to be written to a folder and read again.

    Attributes:
        translations: by locale, by context, the translation; what is left out stays untranslated.
        extra: further files by their path below the project's folder.
    """

    folder: Path
    pack: Data = field(default_factory=pack_data)
    article: Data = field(default_factory=article_data)
    body: str = BODY
    facts: Data = field(default_factory=dict)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, bytes] = field(default_factory=dict)
    hotlines: str = HOTLINES

    def read(self) -> Library:
        """Write the folders, units and catalogues, and read them as the program does."""
        home = f"content_packs/{PACK}"
        self._write("i18n/locales.yaml", _LOCALES.encode())
        self._write("content_packs/shelves.yaml", _SHELVES.encode())
        self._write("content_packs/hotlines.yaml", self.hotlines.encode())
        self._write(f"{home}/pack.yaml", yaml_text.dump(self.pack).encode())
        front = yaml_text.dump(self.article)
        self._write(f"{home}/01-sample.md", f"---\n{front}---\n{self.body}".encode())
        if self.facts:
            self._write(f"{home}/facts.yaml", yaml_text.dump(self.facts).encode())
        for name, raw in self.extra.items():
            self._write(name, raw)
        for locale in self.translations:
            self._translate(locale)
        return read_library(self.folder)

    def findings(self, today: date = TODAY) -> tuple[Finding, ...]:
        """Return what the checks find, notes left out and the units file passed over."""
        return tuple(
            finding
            for finding in check_library(self.read(), today)
            if finding.rule not in {"sign-off-missing", "units-stale", "translation-missing"}
        )

    def keep_units(self) -> None:
        """Write `units.yaml`, as the program does."""
        self.read()
        home = self.folder / "content_packs" / PACK
        read = read_pack(home, f"content_packs/{PACK}")
        (home / "units.yaml").write_bytes(pack_files(read.pack, read.files)["units.yaml"])

    def _translate(self, locale: str) -> None:
        home = self.folder / "content_packs" / PACK
        pack = read_pack(home, f"content_packs/{PACK}").pack
        name = f"i18n/{locale}/LC_MESSAGES/{PACK}.po"
        self._write(name, merge(pack, LocaleCode(locale), None).encode())
        text = (self.folder / name).read_text("utf-8")
        for context, translation in self.translations[locale].items():
            start = text.index(f'msgctxt "{context}"')
            empty = text.index(_EMPTY, start)
            words = translation.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            text = f'{text[:empty]}msgstr "{words}"{text[empty + len(_EMPTY) :]}'
        self._write(name, text.encode())
        read_catalogue(self.folder / name, name, LocaleCode(locale))

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def context_of(self, text: str) -> str:
        """Return the context of the unit that holds the text."""
        pack = self.read().folders[PackId(PACK)].pack
        return next(context for context, _, unit in contexts(pack) if text in unit)


def sample_saying(folder: Path, locale: str, words: str) -> Sample:
    """Make a library in which the words stand on a page: a body, or a translation of one."""
    if locale in {"ko_KP", "ko_KR"}:
        pack = pack_data("worker" if locale == "ko_KP" else "settled")
        return Sample(folder, pack=pack, body=f"{BODY}\n{words}\n\n{BODY}")
    sample = Sample(folder)
    context = sample.context_of(BODY.strip())
    sample.translations[locale] = {context: words}
    return sample


def lines_of(name: str) -> list[tuple[str, str]]:
    """Read a file of the corpus: locale and words of each line."""
    lines: list[tuple[str, str]] = []
    for line in (CORPUS / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            locale, _, words = line.partition(" | ")
            lines.append((locale, _ESCAPE.sub(lambda match: chr(int(match[1], 16)), words)))
    return lines


def chunk(name: bytes, data: bytes = b"") -> bytes:
    """Make a chunk of a PNG: length, name, data, CRC."""
    check = zlib.crc32(name + data).to_bytes(4)
    return len(data).to_bytes(4) + name + data + check


SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
END: Final = chunk(b"IEND")


def header(width: int = 2, height: int = 2, *, kind: bytes = b"\x08\x02\x00\x00\x00") -> bytes:
    """Make the header of a PNG; `kind` is depth, colour, compression, filter, interlace."""
    return chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + kind)


def pixels(count: int = 14) -> bytes:
    """Make image data of so many bytes; 14 are two lines of two pixels in eight-bit colour."""
    return chunk(b"IDAT", zlib.compress(bytes(count)))


PNG: Final = SIGNATURE + header() + pixels() + END
"""The smallest picture nothing can be said against."""
