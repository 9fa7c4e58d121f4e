"""The same articles in the forms that people use elsewhere: plain text, HTML, EPUB, ZIM."""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from PIL import Image

from bojagi.authoring.library import Library
from bojagi.building.edition import build_edition
from bojagi.building.pages import Press
from bojagi.domain.edition import Edition, EditionArticle
from bojagi.domain.shelf import Shelf
from bojagi.errors import UntranslatedError
from bojagi.services.editions import editions_of, press_for, wording_of

HEADLINE = "site-safety in ko_KP"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
_VOID = {"br", "img"}
_LANGUAGES = {"ko": "kor", "en": "eng", "ru": "rus", "zh-Hans": "zho"}


_DATA: Final = re.compile(r'src="data:image/([a-z]+);base64,([^"]*)"')


@dataclass
class Pictures:
    """Pictures as files of their own, as EPUB and ZIM have them."""

    files: dict[str, bytes] = field(default_factory=dict)

    def taken_out_of(self, html: str) -> str:
        """Return HTML that names files where it held pictures."""
        return _DATA.sub(self._file, html)

    def kind_of(self, name: str) -> str:
        return f"image/{name.rpartition('.')[2]}"

    def _file(self, match: re.Match[str]) -> str:
        content = b64decode(match[2])
        name = f"{sha256(content).hexdigest()[:8]}.{match[1]}"
        self.files[name] = content
        return f'src="{name}"'


@dataclass(frozen=True)
class Sample:
    """One edition of the repository, and what its pages are made with."""

    name: str
    shelf: Shelf
    number: int
    edition: Edition
    press: Press

    @property
    def tag(self) -> str:
        return self.press.words.locale.language_tag


def samples(library: Library) -> Iterator[Sample]:
    """Yield every edition that can be built, the headline first."""
    found = [sample for shelf in library.shelves.values() for sample in _samples_of(shelf, library)]
    yield from sorted(found, key=lambda sample: sample.name != HEADLINE)


def _samples_of(shelf: Shelf, library: Library) -> Iterator[Sample]:
    for folder, locale in editions_of(shelf, library):
        press = press_for(locale, library, demo=True)
        try:
            texts = wording_of(folder, locale, library)
        except UntranslatedError:
            continue
        edition = build_edition(folder.pack, press.words, texts, library.hotlines)
        number = shelf.edition_number(folder.pack.number, locale)
        yield Sample(f"{folder.pack.id} in {locale}", shelf, number, edition, press)


def plain_text(edition: Edition) -> str:
    """Return every word a reader sees, one block a line, and nothing else."""
    parts = [edition.title, edition.note]
    for article in edition.articles:
        parts += [article.title, article.summary, _Text.of(article.html)]
        for card in article.cards:
            parts += [card.text, *(f"{line.text}\n{line.reading}" for line in card.lines)]
    return "\n".join(parts) + "\n"


def html_text(edition: Edition) -> str:
    """Return the articles as bare HTML: no head, no style, no links between them."""
    head = f"<h1>{escape(edition.title)}</h1><p>{escape(edition.note)}</p>\n"
    return head + "\n".join(_fragment(article) for article in edition.articles)


def _fragment(article: EditionArticle) -> str:
    cards = "".join(
        f"<section><p>{escape(card.text)}</p>"
        + "".join(f"<p>{escape(c.text)}</p><p>{escape(c.reading)}</p>" for c in card.lines)
        + "</section>"
        for card in article.cards
    )
    title, summary = escape(article.title), escape(article.summary)
    return f"<h1>{title}</h1><p>{summary}</p>\n{article.html}{cards}\n"


def without_pictures(html: str) -> str:
    """Return HTML with nothing left of its pictures but what they show, in words."""
    return _DATA.sub('src=""', html)


def epub(sample: Sample) -> bytes:
    """Return a valid EPUB 3 with a chapter file for each article, packed as tightly as zip can."""
    edition = sample.edition
    pictures = Pictures()
    chapters = {
        f"{article.number}.xhtml": _xhtml(
            article.title, pictures.taken_out_of(_fragment(article)), sample.tag
        )
        for article in edition.articles
    }
    entries = "".join(
        f'<li><a href="{article.number}.xhtml">{escape(article.title)}</a></li>'
        for article in edition.articles
    )
    nav = _xhtml(
        edition.title,
        f"<h1>{escape(edition.title)}</h1><p>{escape(edition.note)}</p>"
        f'<nav epub:type="toc"><ol>{entries}</ol></nav>',
        sample.tag,
    )
    files = {
        "META-INF/container.xml": _CONTAINER,
        "content.opf": _package(sample, list(chapters), pictures),
        "nav.xhtml": nav,
        **chapters,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", LONG_AGO), "application/epub+zip")
        for name, picture in pictures.files.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), picture)
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"), compresslevel=9)
    return packed.getvalue()


_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def _package(sample: Sample, chapters: list[str], pictures: Pictures) -> str:
    items = "".join(
        f'<item id="c{index}" href="{name}" media-type="application/xhtml+xml"/>'
        for index, name in enumerate(chapters)
    )
    items += "".join(
        f'<item id="p{index}" href="{name}" media-type="{pictures.kind_of(name)}"/>'
        for index, name in enumerate(pictures.files)
    )
    spine = "".join(f'<itemref idref="c{index}"/>' for index in range(len(chapters)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="i">urn:bojagi:{sample.number}</dc:identifier>'
        f"<dc:title>{escape(sample.edition.title)}</dc:title>"
        f"<dc:language>{sample.tag}</dc:language>"
        f'<meta property="dcterms:modified">{sample.edition.issued}T00:00:00Z</meta></metadata>'
        '<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml"'
        f' properties="nav"/>{items}</manifest><spine><itemref idref="n"/>{spine}</spine></package>'
    )


def _xhtml(title: str, body: str, tag: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{tag}" xml:lang="{tag}"><head><title>{escape(title)}</title></head>'
        f"<body>{_Xhtml.of(body)}</body></html>"
    )


def documents(sample: Sample) -> tuple[dict[str, str], Pictures]:
    """Return a list and each article as HTML documents by their path, and their pictures."""
    pictures = Pictures()
    edition = sample.edition
    links = "".join(
        f'<li><a href="{a.number}">{escape(a.title)}</a></li>' for a in edition.articles
    )
    body = f"<h1>{escape(edition.title)}</h1><p>{escape(edition.note)}</p><ul>{links}</ul>"
    pages = {"list": (edition.title, body)}
    pages.update(
        {str(a.number): (a.title, pictures.taken_out_of(_fragment(a))) for a in edition.articles}
    )
    return {
        path: f'<!doctype html><html lang="{sample.tag}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>{content}</body></html>"
        for path, (title, content) in pages.items()
    }, pictures


def write_zim(
    path: Path, pages: Mapping[str, str], pictures: Pictures, tag: str, *, indexed: bool
) -> int:
    """Write a ZIM of HTML pages, the first of them its main page; return its size in bytes.

    Raises:
        ModuleNotFoundError: without libzim.
    """
    from libzim.writer import Creator, Hint, Item, StringProvider

    class Entry(Item):  # type: ignore[misc]  # it ships no types
        """One page or picture."""

        def __init__(self, address: str, kind: str, title: str, content: str | bytes) -> None:
            super().__init__()
            self.address, self.kind, self.title, self.content = address, kind, title, content

        def get_path(self) -> str:
            return self.address

        def get_title(self) -> str:
            return self.title

        def get_mimetype(self) -> str:
            return self.kind

        def get_contentprovider(self) -> StringProvider:
            return StringProvider(self.content)

        def get_hints(self) -> dict[Hint, bool]:
            return {Hint.FRONT_ARTICLE: self.kind == "text/html"}

    language, main = _LANGUAGES[tag], next(iter(pages))
    with _quiet(), Creator(path).config_indexing(indexed, language) as creator:
        creator.set_mainpath(main)
        creator.add_illustration(48, _blank_picture())
        for name, value in {
            "Title": "자료",
            "Description": "자료",
            "Language": language,
            "Name": path.stem,
            "Creator": "-",
            "Publisher": "-",
            "Date": "2026-11-23",
        }.items():
            creator.add_metadata(name, value)
        for address, html in pages.items():
            title = html.partition("<title>")[2].partition("</title>")[0]
            creator.add_item(Entry(address, "text/html", title, html))
        for address, picture in pictures.files.items():
            creator.add_item(Entry(address, pictures.kind_of(address), "", picture))
    return path.stat().st_size


def _blank_picture() -> bytes:
    packed = io.BytesIO()
    Image.new("1", (48, 48)).save(packed, "PNG")
    return packed.getvalue()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libzim says of its progress off the results."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class _Text(HTMLParser):
    """Takes the words out of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    @classmethod
    def of(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        lines = (line.strip() for line in "".join(parser.pieces).splitlines())
        return "\n".join(line for line in lines if line)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.pieces.append("\n")
        self.pieces += [value for name, value in attrs if name == "alt" and value]


class _Xhtml(HTMLParser):
    """Writes HTML again as XML."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    @classmethod
    def of(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        return "".join(parser.pieces)

    def handle_data(self, data: str) -> None:
        self.pieces.append(escape(data, quote=False))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.pieces.append(f"<{tag}{written}{'/' if tag in _VOID else ''}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.pieces.append(f"</{tag}>")
