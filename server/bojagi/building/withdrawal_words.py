"""A withdrawal in words: for staff why, and for people who saw the edition what is said to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bojagi.building.words import mark
from bojagi.domain.withdrawal import WithdrawalReason

CALLED_BACK: Final = mark("It was called back: don't show it or hand it over any more.")

REASONS: Final[Mapping[WithdrawalReason, str]] = {
    WithdrawalReason.MISTAKE: mark("something in it is wrong"),
    WithdrawalReason.DANGER: mark("having it or following it is dangerous"),
    WithdrawalReason.OUTDATED: mark("what it says no longer holds"),
    WithdrawalReason.FORGED: mark("it was signed with a stolen key and isn't ours"),
}
"""For staff."""

TO_SAY: Final[Mapping[WithdrawalReason, str]] = {
    WithdrawalReason.MISTAKE: mark(
        "There was a mistake in what you were shown before. Please don't do as it says."
    ),
    WithdrawalReason.DANGER: mark(
        "It turned out that having what you were shown before, or doing as it says, can be "
        "dangerous. Please don't do as it says, and don't keep it."
    ),
    WithdrawalReason.OUTDATED: mark(
        "What you were shown before isn't right any more. Please don't do as it says."
    ),
    WithdrawalReason.FORGED: mark(
        "What you were shown before wasn't written by us. Please don't believe it."
    ),
}
"""Said to people who saw the edition, in their own words; short enough to be said in passing."""
