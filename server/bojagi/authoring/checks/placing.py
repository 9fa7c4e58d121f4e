"""Whether a pack stands where it may, and carries only the numbers its readers may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.rule import Rule, Stretch, Surroundings
from bojagi.authoring.checks.translations import catalogues_of
from bojagi.domain.finding import Place, Severity
from bojagi.domain.identifiers import FactId
from bojagi.errors import InvalidValueError
from bojagi.markup.parser import PLACEHOLDER

if TYPE_CHECKING:
    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.domain.finding import Finding

SHELF_MIXED: Final = Rule(
    "shelf-mixed",
    Severity.BLOCK,
    "The shelf {found} doesn't take this pack: {why}.",
    "Choose a shelf in shelves.yaml for this audience, exposure and language.",
    "A pack whose audience or exposure is set too mild.",
    example="a dangerous pack on an ordinary shelf",
)
CATALOGUE_LOCALE: Final = Rule(
    "catalogue-locale",
    Severity.BLOCK,
    "A translation into {found}, which this shelf doesn't offer as a translation.",
    "Take the catalogue away, or let the shelf offer the language. The pack's own language needs "
    "no catalogue.",
    "Words of another language inside a catalogue that is in its place.",
    example="i18n/ru of a shelf of ko_KR and en",
)
HOTLINE_NEVER_DIALLED: Final = Rule(
    "hotline-never-dialled",
    Severity.BLOCK,
    "Nobody has dialled the number {found} yet.",
    "Let a person dial it and reach what it is for, then set dialled_on.",
    "Whether the number still answers today.",
    demo_allows=True,
    example="dialled_on: never",
)
HOTLINE_FOR_WORKERS: Final = Rule(
    "hotline-for-workers",
    Severity.BLOCK,
    "A telephone number in a pack for workers or for people who have just left: {found}",
    "Take it out: a call shows who called, and from where.",
    "A number described in words.",
    example="{hotline:labour_office}",
)
UNITS_STALE: Final = Rule(
    "units-stale",
    Severity.WARN,
    "{found} doesn't fit the articles any more.",
    "Run 'bojagi i18n update'.",
    "Whether a passage kept the id of another one.",
    example="units.yaml",
)
RULES: Final = (
    SHELF_MIXED,
    CATALOGUE_LOCALE,
    HOTLINE_NEVER_DIALLED,
    HOTLINE_FOR_WORKERS,
    UNITS_STALE,
)


def check_shelf(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check that the shelf takes the pack; an unknown shelf is a problem of reading."""
    pack = folder.pack
    shelf = surroundings.library.shelves.get(pack.shelf)
    if shelf is None or shelf.takes(pack):
        return
    reasons: list[tuple[str, str]] = []
    if pack.audience not in shelf.audiences:
        reasons.append(("audience", str(pack.audience)))
    if pack.exposure.exceeds(shelf.ceiling):
        reasons.append(("exposure", str(pack.exposure)))
    if pack.source_locale not in shelf.locales:
        reasons.append(("source_locale", str(pack.source_locale)))
    place = Place(folder.settings.file, folder.settings.line_of((reasons[0][0],)))
    why = ", ".join(f"{field}: {value}" for field, value in reasons)
    yield SHELF_MIXED.at(place, pack.shelf, why=why)


def check_catalogue_locales(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check that the shelf offers every locale there is a catalogue for."""
    shelf = surroundings.library.shelves.get(folder.pack.shelf)
    for catalogue in catalogues_of(folder, surroundings):
        offered = shelf is None or catalogue.locale in shelf.locales
        if not offered or catalogue.locale == folder.pack.source_locale:
            yield CATALOGUE_LOCALE.at(Place(catalogue.file), catalogue.locale)


def check_units_file(folder: PackFolder, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check that `units.yaml` says just what the articles need."""
    if not folder.keeps_units:
        yield UNITS_STALE.at(Place(f"{folder.name}/units.yaml"), "units.yaml")


def check_hotlines(stretch: Stretch, surroundings: Surroundings) -> Iterator[Finding]:
    """Check the public numbers a text puts in."""
    for match in PLACEHOLDER.finditer(stretch.raw):
        if match[1] != "hotline":
            continue
        place = stretch.place(match.start())
        if not stretch.shows_sources:
            yield HOTLINE_FOR_WORKERS.at(place, match[2])
        try:
            hotline = surroundings.library.hotlines.get(FactId(match[2]))
        except InvalidValueError:
            continue
        if hotline and hotline.dialled_on is None:
            yield HOTLINE_NEVER_DIALLED.at(place, hotline.id)


STRETCH_CHECKS: Final = (check_hotlines,)
FOLDER_CHECKS: Final = (check_shelf, check_catalogue_locales, check_units_file)
