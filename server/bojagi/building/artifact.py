"""Everything one edition adds to a shelf's tree, as files in memory.

What always holds: the same inputs give the same files, byte for byte, on any machine, under any
clock and machine locale; nothing here reads a file, a clock or the environment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any, Final

from bojagi.building.compression import packed_size, with_compressed
from bojagi.building.pages import Press
from bojagi.domain import limits
from bojagi.domain.edition import Edition, EditionArticle
from bojagi.domain.exposure import (
    Audience,
    Channel,
    Exposure,
    Reason,
    Recipient,
    page_ruling,
    policy,
)
from bojagi.domain.identifiers import LocaleCode
from bojagi.errors import OverBudgetError

EDITION_FILE: Final = "edition.json"
CARD_FILE: Final = "card.json"
PAGES: Final = "pages/"
DOWNLOADS: Final = "files/"

HEADER_BYTES: Final = 900
"""What the headers of one answer weigh on the wire, at most; a test measures the real ones."""


@dataclass(frozen=True)
class Download:
    """A file a support worker may carry.

    Attributes:
        name: neutral and distinct: digits made from its content.
        title: what the library page calls it; it stands nowhere in the name.
        size: in bytes.
    """

    name: str
    title: str
    size: int


@dataclass(frozen=True)
class EditionCard:
    """What lists of a shelf say of an edition, without opening it.

    Attributes:
        downloads: the whole edition and each article as one file.
        bundle: the file of its locale's editions with their signatures; a release adds it.
    """

    number: int
    locale: LocaleCode
    version: int
    audience: Audience
    exposure: Exposure
    title: str
    issued: date
    review_by: date
    has_pages: bool
    downloads: tuple[Download, ...]
    bundle: Download | None = None

    def with_bundle(self, bundle: Download) -> EditionCard:
        """Return the card with the bundle that carries the edition and its signatures."""
        return replace(self, bundle=bundle)

    def to_bytes(self) -> bytes:
        """Return it as JSON, for the build's own cache."""
        fields: dict[str, Any] = {
            **vars(self),
            "issued": self.issued.isoformat(),
            "review_by": self.review_by.isoformat(),
            "downloads": [vars(download) for download in self.downloads],
        }
        del fields["bundle"]  # it belongs to a release, and the card to an edition
        return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode("utf-8")

    @classmethod
    def from_bytes(cls, raw: bytes) -> EditionCard:
        """Read what `to_bytes` wrote."""
        fields = json.loads(raw)
        return cls(
            **{
                **fields,
                "locale": LocaleCode(fields["locale"]),
                "audience": Audience(fields["audience"]),
                "exposure": Exposure(fields["exposure"]),
                "issued": date.fromisoformat(fields["issued"]),
                "review_by": date.fromisoformat(fields["review_by"]),
                "downloads": tuple(Download(**each) for each in fields["downloads"]),
            }
        )


@dataclass(frozen=True)
class Artifact:
    """The files one edition adds to a shelf's tree, by path; `card` is what lists say of it."""

    card: EditionCard
    files: Mapping[str, bytes] = field(repr=False)


def build_artifact(number: int, edition: Edition, press: Press) -> Artifact:
    """Build everything an edition adds to its shelf.

    Args:
        number: the edition's number on its shelf.
        edition: the edition.
        press: what pages of its locale are made with.

    Raises:
        OverBudgetError: when the edition, or its list with its first article, is too heavy.
    """
    files: dict[str, bytes] = {}
    first_read: tuple[str, ...] = ()
    ruling = page_ruling(edition.audience, edition.exposure, edition.locale)
    if not ruling.is_refused:
        note_first = ruling.reason is Reason.NOTE_FIRST
        pages = press.edition(number, edition, note_first=note_first)
        for address, html in pages.items():
            files[f"{PAGES}{address}.html"] = html.encode("utf-8")
        listing = f"{PAGES}{number}/0.html" if note_first else f"{PAGES}{number}.html"
        first_read = (listing, f"{PAGES}{number}/{edition.articles[0].number}.html")
    downloads = _add_downloads(files, edition, press)
    files[EDITION_FILE] = edition.to_bytes()
    files = with_compressed(files)
    _refuse_slow_start(files, first_read)
    _refuse_heavy(edition, len(files.get(EDITION_FILE + ".br", files[EDITION_FILE])))
    card = EditionCard(
        number=number,
        locale=edition.locale,
        version=edition.version,
        audience=edition.audience,
        exposure=edition.exposure,
        title=edition.title,
        issued=edition.issued,
        review_by=edition.review_by,
        has_pages=not ruling.is_refused,
        downloads=downloads,
    )
    files[CARD_FILE] = card.to_bytes()
    return Artifact(card, files)


def weighed(edition: Edition) -> bytes:
    """Return the bytes of an edition that isn't too heavy.

    Raises:
        OverBudgetError: naming the heaviest articles, when it is.
    """
    raw = edition.to_bytes()
    _refuse_heavy(edition, packed_size(raw))
    return raw


def _refuse_heavy(edition: Edition, weight: int) -> None:
    if weight > limits.EDITION_COMPRESSED_BYTES:
        parts = [(article.title, len(article.html.encode())) for article in edition.articles]
        heaviest = tuple(sorted(parts, key=lambda part: -part[1]))
        raise OverBudgetError(
            f"the edition {edition.title!r}", weight, limits.EDITION_COMPRESSED_BYTES, heaviest
        )


def _add_downloads(files: dict[str, bytes], edition: Edition, press: Press) -> tuple[Download, ...]:
    """Add the whole edition and each article as one file, where a support worker may have it."""
    ruling = policy(
        edition.audience, edition.exposure, edition.locale, Channel.FILE, Recipient.SUPPORT_WORKER
    )
    if ruling.is_refused or ruling.sealed:
        return ()
    choices: list[tuple[str, Sequence[EditionArticle]]] = [(edition.title, edition.articles)]
    if len(edition.articles) > 1:
        choices += [(article.title, (article,)) for article in edition.articles]
    downloads = []
    for title, articles in choices:
        content = press.file(edition, articles).encode("utf-8")
        name = neutral_name(content)
        files[f"{DOWNLOADS}{name}"] = content
        downloads.append(Download(name, title, len(content)))
    return tuple(downloads)


def neutral_name(content: bytes, ending: str = ".html") -> str:
    """Return a file name that says nothing and differs from other files' names: twelve digits."""
    return f"{int.from_bytes(sha256(content).digest()[:8]) % 10**12:012d}{ending}"


def _refuse_slow_start(files: Mapping[str, bytes], first_read: tuple[str, ...]) -> None:
    parts = tuple(
        (path, len(files.get(path + ".br", files[path])) + HEADER_BYTES) for path in first_read
    )
    weight = sum(size for _, size in parts)
    if weight > limits.FIRST_READ_BYTES:
        raise OverBudgetError(
            "the list and the first article on the wire", weight, limits.FIRST_READ_BYTES, parts
        )
