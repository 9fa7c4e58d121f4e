"""What lies beside verified editions and nobody vouches for, in a bundle or a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from tuf.api.metadata import Root

from bojagi.domain.verdicts import TrustError, Verdict, worst
from bojagi.trust.bundle import BundleSource
from bojagi.trust.client import ROOT_BYTES, NoMemory
from bojagi.trust.rules import TrustedSet
from bojagi.trust.verifier import Judgement, Report, verify

_ROOTS: Final = re.compile(r"metadata/([0-9]+)\.root\.json")
_NONE: Final = re.compile(r"(?!)")
_NOBODY: Final = "it lies there and nobody signed it"


def with_judgements(report: Report, more: Iterable[Judgement]) -> Report:
    """Return a report with more judgements; the worst of all counts."""
    judgements = (*report.judgements, *more)
    verdict = worst(judgement.verdict for judgement in judgements)
    return Report(**{**vars(report), "judgements": judgements, "verdict": verdict})


def strangers_in_bundle(
    bundle: BundleSource, report: Report, pinned: bytes, clock: datetime
) -> Iterator[Judgement]:
    """Yield what lies in a bundle and no signature vouches for.

    The bundle is read once more for itself, from the pinned root and beside any memory, which
    would spare the reading of what was believed before: what isn't believed then is a stranger.

    Args:
        bundle: the bundle.
        report: what is known of it.
        pinned: the root that was given in person.
        clock: what the device says the time is.
    """
    aside = NoMemory({Root.type: pinned})
    verify(bundle, aside, clock, clock.date())
    believed = set(aside.seen.values())
    roots = _ROOTS if _roots_fit(bundle) else _NONE
    for name, content in sorted(bundle.files.items()):
        is_known = name in report.files or content in believed or roots.fullmatch(name) is not None
        if not is_known:
            yield Judgement(name, Verdict.NOT_OURS, reason=_NOBODY)


def strange_targets(names: Iterable[str], report: Report) -> Iterator[Judgement]:
    """Yield the files of a repository's `targets/` that nobody vouches for."""
    for name in sorted(set(names) - report.files):
        if name.startswith("targets/") and not name.startswith("targets/w/"):
            yield Judgement(name, Verdict.NOT_OURS, reason=_NOBODY)


def _roots_fit(bundle: BundleSource) -> bool:
    """Whether the roots of a bundle vouch for each other, from the first to the last.

    None of them can be made up: each is signed by its own keys and by those of the one before.
    """
    versions = sorted(int(found[1]) for name in bundle.names() if (found := _ROOTS.fullmatch(name)))
    try:
        first = bundle.read(f"metadata/{versions[0]}.root.json", ROOT_BYTES) or b""
        trusted = TrustedSet(first, datetime.now(UTC))  # no day counts here, only signatures
        for version in versions[1:]:
            trusted.update_root(bundle.read(f"metadata/{version}.root.json", ROOT_BYTES) or b"")
    except (TrustError, IndexError):
        return False
    return trusted.root.version == versions[-1]
