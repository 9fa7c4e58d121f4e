"""How far the translations have come, and what blocks which edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bojagi.authoring.library import Library
from bojagi.authoring.standing import Standing, standings
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.translation import Showing, UnitState


@dataclass(frozen=True)
class Status:
    """How far a pack has come in a locale.

    Attributes:
        units: every unit, in reading order; none where no catalogue was begun.
        is_offered: whether its shelf offers the locale.
    """

    pack: PackId
    locale: LocaleCode
    units: Sequence[Standing]
    is_offered: bool

    @property
    def counts(self) -> Counter[UnitState]:
        """How many units there are of each state."""
        return Counter(unit.state for unit in self.units)

    @property
    def blocking(self) -> list[Standing]:
        """The units that stop the edition."""
        return [unit for unit in self.units if unit.showing is Showing.NOTHING]

    @property
    def noted(self) -> list[Standing]:
        """The units that readers get with words about them."""
        shown = {Showing.WITH_NOTE, Showing.FALLBACK}
        return [unit for unit in self.units if unit.showing in shown]

    def as_json(self) -> dict[str, Any]:
        """Return it for a script."""
        return {
            "pack": str(self.pack),
            "locale": str(self.locale),
            "offered": self.is_offered,
            "units": len(self.units),
            "states": {str(state): self.counts[state] for state in UnitState},
            "blocking": [_unit_as_json(unit) for unit in self.blocking],
            "noted": [_unit_as_json(unit) for unit in self.noted],
        }


def statuses(
    library: Library, packs: Sequence[str] = (), locales: Sequence[str] = ()
) -> Iterator[Status]:
    """Yield how far each pack has come in each locale that its shelf offers or a catalogue is in.

    Args:
        library: what was read of the content.
        packs: these alone; all where none is named.
        locales: these alone; all where none is named.
    """
    for folder in sorted(library.folders.values(), key=lambda each: each.pack.id):
        pack = folder.pack
        if packs and pack.id not in packs:
            continue
        shelf = library.shelves.get(pack.shelf)
        offered = [each for each in (shelf.locales if shelf else ()) if each != pack.source_locale]
        begun = [locale for other, locale in library.catalogues if other == pack.id]
        for locale in dict.fromkeys((*offered, *begun)):
            if locales and locale not in locales:
                continue
            units = standings(folder, locale, library) if locale in begun else ()
            yield Status(pack.id, locale, units, locale in offered)


def _unit_as_json(unit: Standing) -> dict[str, str]:
    return {
        "unit": unit.context,
        "state": str(unit.state),
        "shown": str(unit.showing),
        "risk": str(unit.risk),
    }
