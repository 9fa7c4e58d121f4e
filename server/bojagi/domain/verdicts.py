"""What a verifier may say of an edition."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from bojagi.errors import BojagiError


class Verdict(IntEnum):
    """What is known of an edition; the lower, the worse.

    `CURRENT` means genuine and current, which does not mean safe.
    """

    DAMAGED = 0
    """Not the signed bytes."""
    NOT_OURS = 1
    """No chain to the pinned root."""
    WITHDRAWN = 2
    """Its publisher has called it back."""
    OLDER_THAN_YOURS = 3
    """A newer one was seen."""
    OLD = 4
    """Its `review_by`, or its metadata's expiry, has passed."""
    CURRENT = 5


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that counts for the whole; `NOT_OURS` when there is none at all."""
    return min(verdicts, default=Verdict.NOT_OURS)


class TrustError(BojagiError):
    """Something that may not be believed.

    Attributes:
        verdict: what is known of it.
        reason: what was wrong, for a person.
    """

    def __init__(self, verdict: Verdict, reason: str) -> None:
        self.verdict = verdict
        self.reason = reason
        super().__init__(f"{verdict.name}: {reason}")
