"""Every rule and every check, in one place."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bojagi.authoring import sameness
from bojagi.authoring.checks import (
    harmful,
    hidden,
    identity,
    origin,
    pictures,
    placing,
    provenance,
    reachouts,
    translations,
    weight,
)
from bojagi.authoring.checks.rule import Rule
from bojagi.domain.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bojagi.authoring.checks.rule import FolderCheck, LibraryCheck, StretchCheck, TextCheck

UNREADABLE: Final = Rule(
    "unreadable",
    Severity.BLOCK,
    "This can't be read: {found}",
    "Correct the file at this place.",
    "What stands behind the place that can't be read: it is checked once it can.",
    example="title is missing",
)
OVER_BUDGET: Final = Rule(
    "over-budget",
    Severity.BLOCK,
    "This can't be built: {found}",
    "Make it lighter: fewer or simpler pictures, shorter articles.",
    "How long it takes on a slow line.",
    example="48 KiB compressed",
)

_SUBJECTS: Final = (
    identity.RULES,
    reachouts.RULES,
    hidden.RULES,
    provenance.RULES,
    pictures.RULES,
    weight.RULES,
    placing.RULES,
    translations.RULES,
    harmful.RULES,
    origin.RULES,
    (UNREADABLE, OVER_BUDGET),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.id: rule for subject in _SUBJECTS for rule in subject}
)
"""Every rule by its id."""

FRAGMENTS: Final[tuple[str, ...]] = (
    *pictures.FRAGMENTS,
    *sameness.FRAGMENTS,
    *origin.FRAGMENTS,
)
"""Words that rules put into their sentences; msgids too."""

TEXT_CHECKS: Final[tuple[TextCheck, ...]] = (
    *identity.TEXT_CHECKS,
    *reachouts.TEXT_CHECKS,
    *hidden.TEXT_CHECKS,
)
STRETCH_CHECKS: Final[tuple[StretchCheck, ...]] = (
    *reachouts.STRETCH_CHECKS,
    *provenance.STRETCH_CHECKS,
    *placing.STRETCH_CHECKS,
    *harmful.STRETCH_CHECKS,
    *origin.STRETCH_CHECKS,
)
FOLDER_CHECKS: Final[tuple[FolderCheck, ...]] = (
    *provenance.FOLDER_CHECKS,
    *pictures.FOLDER_CHECKS,
    *weight.FOLDER_CHECKS,
    *placing.FOLDER_CHECKS,
    *translations.FOLDER_CHECKS,
)
LIBRARY_CHECKS: Final[tuple[LibraryCheck, ...]] = provenance.LIBRARY_CHECKS
