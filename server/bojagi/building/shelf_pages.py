"""What a shelf has beside its editions: the list, the library page, the blank page, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bojagi.building.artifact import DOWNLOADS, Download, EditionCard
from bojagi.building.pages import ERRORS, Press, out
from bojagi.building.policy_words import AUDIENCES, EXPOSURES, policy_lines
from bojagi.building.words import mark
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.limits import KIB
from bojagi.domain.locales import Locale

INDEX: Final = "index.html"
LIBRARY: Final = "library/"
OUT: Final = "out"
WITHDRAWN: Final = mark("This text is not used any more.")


@dataclass(frozen=True)
class FileRow:
    """A download as the library page shows it."""

    name: str
    title: str
    address: str
    kib: str


@dataclass(frozen=True)
class Row:
    """An edition as the library page shows it."""

    edition: EditionCard
    locale: Locale
    audience: str
    exposure: str
    policy: Sequence[tuple[str, list[str]]]
    files: Sequence[FileRow]
    bundle: FileRow | None


@dataclass(frozen=True)
class ShelfPages:
    """The pages a shelf has beside its editions.

    Attributes:
        reading: what pages for its readers are made with.
        library: what pages for support workers are made with; the first is the one they open.
        locales: what each locale is called.
    """

    reading: Press
    library: Sequence[Press]
    locales: Mapping[LocaleCode, Locale]

    def write(self, cards: Sequence[EditionCard]) -> dict[str, str]:
        """Write them, by their paths in the tree.

        Args:
            cards: the shelf's editions, in order.
        """
        listed = [(card.number, card.title) for card in cards if card.has_pages]
        pages = {INDEX: self.reading.shelf(listed), f"{OUT}.html": out()}
        for status in ERRORS:
            pages[f"errors/{status}.html"] = self.reading.error(status)
        languages = [
            (press.words.locale, "." if press is self.library[0] else str(press.words.locale.code))
            for press in self.library
        ]
        for press, (locale, _) in zip(self.library, languages, strict=True):
            rows = [_row(card, self.locales[card.locale], press) for card in cards]
            path = INDEX if press is self.library[0] else f"{locale.code}.html"
            pages[f"{LIBRARY}{path}"] = press.write(
                "library.html", up="", rows=rows, languages=languages
            )
        return pages


def withdrawn_page(press: Press, path: str) -> str:
    """Write what stands at the address of an edition that was called back.

    Args:
        press: what pages of its locale are made with.
        path: of the page in the tree; links are relative to it.
    """
    up = "../" * path.count("/")
    return press.write("withdrawn.html", up=up, message=press.words(WITHDRAWN))


def _row(card: EditionCard, locale: Locale, press: Press) -> Row:
    words = press.words
    return Row(
        edition=card,
        locale=locale,
        audience=words(AUDIENCES[card.audience]),
        exposure=words(EXPOSURES[card.exposure]),
        policy=policy_lines(card.audience, card.exposure, card.locale, words),
        files=[_file_row(download) for download in card.downloads],
        bundle=_file_row(card.bundle) if card.bundle else None,
    )


def _file_row(download: Download) -> FileRow:
    return FileRow(
        name=download.name,
        title=download.title,
        address=f"{DOWNLOADS}{download.name}",
        kib=f"{download.size / KIB:.1f}",
    )
