"""A shelf: what one place offers, and nothing that hints at another."""

from __future__ import annotations

from dataclasses import dataclass

from bojagi.domain.exposure import Audience, Exposure
from bojagi.domain.identifiers import LocaleCode, ShelfCode
from bojagi.domain.pack import Pack
from bojagi.errors import InvalidValueError

LOCALE_STEP = 100
"""Distance between the edition numbers of two locales of one pack."""


@dataclass(frozen=True)
class Shelf:
    """Given audiences, locales, one ceiling of exposure, open or sealed.

    Attributes:
        locales: in the order they joined. Append only: the place of a locale is part of the
            numbers in addresses.
        library_locale: the locale of the words support workers see.
        sealed: what is published is encrypted under the shelf's key.
    """

    code: ShelfCode
    audiences: tuple[Audience, ...]
    locales: tuple[LocaleCode, ...]
    library_locale: LocaleCode
    ceiling: Exposure
    sealed: bool

    def __post_init__(self) -> None:
        """Refuse an empty shelf, and an open one that would hold what must be sealed."""
        if not self.audiences or not self.locales:
            raise InvalidValueError("shelf", self.code, "at least one audience and one locale")
        if len(set(self.locales)) != len(self.locales):
            raise InvalidValueError("shelf", self.code, "each locale once")
        must_be_sealed = (
            self.ceiling.exceeds(Exposure.SENSITIVE) or Audience.STAFF in self.audiences
        )
        if must_be_sealed and not self.sealed:
            raise InvalidValueError(
                "shelf", self.code, "sealed: true above sensitive and for staff"
            )

    @property
    def is_for_staff(self) -> bool:
        """Whether support workers are whom it is for; then it is sealed."""
        return Audience.STAFF in self.audiences

    @property
    def needs_own_host(self) -> bool:
        """Whether its pages stand on a host of their own: open, above ordinary (design, 5)."""
        return not self.sealed and self.ceiling.exceeds(Exposure.ORDINARY)

    def takes(self, pack: Pack) -> bool:
        """Whether the pack may stand here: its audience, its exposure, its source locale."""
        return (
            pack.audience in self.audiences
            and not pack.exposure.exceeds(self.ceiling)
            and pack.source_locale in self.locales
        )

    def edition_number(self, pack_number: int, locale: LocaleCode) -> int:
        """Return the number by which addresses on this shelf name an edition.

        It is the pack's own number for the first locale, 100 more for each later one, and says
        nothing of other shelves.

        Raises:
            InvalidValueError: when the locale isn't on the shelf.
        """
        if locale not in self.locales:
            raise InvalidValueError("locale of the shelf", locale, ", ".join(self.locales))
        return self.locales.index(locale) * LOCALE_STEP + pack_number
