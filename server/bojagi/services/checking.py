"""Checking a whole library: what its authors wrote, and what building it would refuse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from datetime import date

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.checks.harmful import QUIET
from bojagi.authoring.checks.rules import RULES
from bojagi.authoring.library import CATALOGUES, HOTLINES, INTERFACE, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.building.artifact import weighed
from bojagi.building.edition import EditionError, build_edition
from bojagi.disk import write_whole
from bojagi.domain.finding import Finding, Place, Severity
from bojagi.domain.identifiers import ArticleId, LocaleCode, PackId
from bojagi.errors import BojagiError, UntranslatedError
from bojagi.services.data_folder import DataFolder
from bojagi.services.editions import editions_of, wording_of, words_for

Waived = AbstractSet[tuple[str, str, str]]
"""The warnings that a second person let stand: file, rule and what was found."""


class BlockedError(BojagiError):
    """An edition that the checks block."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        super().__init__(
            f"blocked by {first.rule} at {first.place}{more}"
            + ("; mend it, or let a second person waive it" if first.needs_waiver else "")
            + "; run 'bojagi check --real'"
        )


def check(library: Library, today: date, packs: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return every finding, in file order, those that only building shows included.

    Args:
        library: what was read of the content folders.
        today: the day that reviews and readings are held against.
        packs: those that are looked through; all of them where none is named.
    """
    findings = [*check_library(library, today, packs), *_building_findings(library, packs)]
    return tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule)))


@contextmanager
def remembering(data: DataFolder) -> Iterator[None]:
    """Check within this without looking again at passages in which nothing was found before.

    What is kept lies in the data folder, as digests. Where it can't be read or written, everything
    is looked at.
    """
    place = data.path / "quiet"
    with suppress(OSError):
        QUIET.take_up(place.read_bytes())
    yield
    with suppress(OSError):
        write_whole(place, QUIET.hand_on(), mode=0o600, sync=False)


def blocked(
    library: Library, findings: Iterable[Finding], *, demo: bool
) -> dict[tuple[PackId, LocaleCode], BojagiError]:
    """Return the editions that the findings block, with the reason.

    A finding in a catalogue, or in the programs' own words, blocks its locale; one in a pack's
    folder, every locale of the pack; one in the hotlines, every pack that names one.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.blocks(demo=demo):
            by_file.setdefault(finding.place.file, []).append(finding)
    refused: dict[tuple[PackId, LocaleCode], BojagiError] = {}
    for shelf in library.shelves.values():
        for folder, locale in editions_of(shelf, library):
            mine = [
                finding
                for file, each in by_file.items()
                if file in _files_of(folder, locale) or file.startswith(f"{folder.name}/")
                for finding in each
            ]
            if mine:
                refused[folder.pack.id, locale] = BlockedError(tuple(mine))
    return refused


def without_waived(findings: Iterable[Finding], waived: Waived) -> tuple[Finding, ...]:
    """Leave out the warnings that a second person let stand; a block nobody can waive."""
    return tuple(
        finding
        for finding in findings
        if (finding.place.file, finding.rule, finding.found) not in waived
        or finding.severity is Severity.BLOCK
    )


def _files_of(folder: PackFolder, locale: LocaleCode) -> set[str]:
    """Return the files outside a pack's folder that its edition in a locale is made from."""
    catalogues = f"{CATALOGUES}/{locale}/LC_MESSAGES"
    files = {f"{catalogues}/{folder.pack.id}.po", f"{catalogues}/{INTERFACE}.po"}
    if any("{hotline:" in article.body for article in folder.pack.articles):
        files.add(HOTLINES)
    return files


def _building_findings(library: Library, packs: Collection[str]) -> Iterable[Finding]:
    """Find what only building shows: weight, pictures that can't be rebuilt, broken shapes."""
    for shelf in library.shelves.values():
        for folder, locale in editions_of(shelf, library):
            if packs and folder.pack.id not in packs:
                continue
            words = words_for(locale, library)
            try:
                wording = wording_of(folder, locale, library)
                weighed(build_edition(folder.pack, words, wording, library.hotlines))
            except UntranslatedError:
                continue  # the checks of catalogues name every unit
            except EditionError as error:
                file = folder.articles[ArticleId(error.article)].name
                yield _unbuildable(file, error.reason)
            except BojagiError as error:
                yield _unbuildable(folder.settings.file, error)


def _unbuildable(file: str, error: BojagiError) -> Finding:
    return RULES["over-budget"].at(Place(file), str(error))
