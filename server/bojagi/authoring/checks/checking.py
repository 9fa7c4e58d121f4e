"""Running the checks: over one pack, or over everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from bojagi.authoring.checks.folding import fold, shortened, squashed
from bojagi.authoring.checks.rule import Stretch, Surroundings
from bojagi.authoring.checks.rules import (
    FOLDER_CHECKS,
    LIBRARY_CHECKS,
    STRETCH_CHECKS,
    TEXT_CHECKS,
    UNREADABLE,
)
from bojagi.authoring.checks.stretches import hotline_stretches, stretches_of
from bojagi.domain.finding import Finding, Place

if TYPE_CHECKING:
    from bojagi.authoring.library import Library
    from bojagi.authoring.pack_folder import PackFolder


def check_pack(folder: PackFolder, surroundings: Surroundings) -> tuple[Finding, ...]:
    """Return what the checks find in a pack and its catalogues, sorted by place."""
    findings: list[Finding] = []
    for stretch in stretches_of(folder, surroundings.library):
        findings += check_stretch(stretch, surroundings)
    for check in FOLDER_CHECKS:
        findings += check(folder, surroundings)
    return _sorted(findings)


def check_library(
    library: Library, today: date, packs: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what the checks find in every pack and around them, sorted by place.

    What couldn't be read is a finding too, so that nobody takes silence for a clean library.

    Args:
        library: what was read of the content folders.
        today: the day that reviews and readings are held against.
        packs: those that are looked through; all of them where none is named.
    """
    surroundings = Surroundings(library, today)
    findings = [
        UNREADABLE.at(
            Place(problem.file, problem.line),
            f"{problem.field}: {problem.message}" if problem.field else problem.message,
        )
        for problem in library.problems
    ]
    for stretch in hotline_stretches(library):
        findings += check_stretch(stretch, surroundings)
    for check in LIBRARY_CHECKS:
        findings += check(library, today)
    for folder in library.folders.values():
        if not packs or folder.pack.id in packs:
            findings += check_pack(folder, surroundings)
    return _sorted(findings)


def check_stretch(stretch: Stretch, surroundings: Surroundings) -> Iterator[Finding]:
    """Yield what the checks find in one stretch: in the words as written, then as they look.

    What both forms show is found once, and where it stands in the file.
    """
    for stretch_check in STRETCH_CHECKS:
        yield from stretch_check(stretch, surroundings)
    seen: dict[tuple[str, int], list[str]] = {}
    forms = [(stretch.searched, False)]
    if stretch.plain != stretch.raw:
        forms.append((stretch.plain, True))
    for words, is_plain in forms:
        text = fold(words)
        for text_check in TEXT_CHECKS:
            for hit in text_check(text, stretch, surroundings):
                place = stretch.place(hit.start, is_plain=is_plain)
                found = hit.found or words[hit.start : hit.end]
                same = seen.setdefault((hit.rule.id, place.line), [])
                short = squashed(found)
                if is_plain and any(short in other or other in short for other in same):
                    continue
                same.append(short)
                yield hit.rule.at(place, shortened(found))


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    once = {
        (each.place, each.rule, each.found, tuple(sorted(each.values.items()))): each
        for each in findings
    }
    return tuple(once[key] for key in sorted(once))
