"""The safety note every edition begins with: short, by audience and exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bojagi.building.words import Words, mark
from bojagi.domain.exposure import Audience, Exposure

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOR_AUDIENCE: Final[Mapping[Audience, str]] = {
    Audience.WORKER: mark(
        "Nobody here asks for your name, photo, phone number or money. Read it and close it. "
        "Keeping these words or passing them on can be dangerous."
    ),
    Audience.DEPARTED: mark(
        "Nobody here asks for your name, photo, phone number or money. Read it and close it. "
        "As long as you are not in a safe place, what you keep can be found."
    ),
    Audience.SETTLED: mark(
        "Nobody here asks for your name, photo, phone number or money. This is general "
        "information, not advice on your own case."
    ),
    Audience.STAFF: mark("For support workers only. Never leave it where somebody may find it."),
}
_FOR_EXPOSURE: Final[Mapping[Exposure, str]] = {
    Exposure.ORDINARY: mark(
        "The trace of a page you opened and what a watched phone sees can't be wiped out from here."
    ),
    Exposure.SENSITIVE: mark(
        "Read it only where nobody looks on. The trace of a page you opened and what a watched "
        "phone sees can't be wiped out from here."
    ),
    Exposure.DANGEROUS: mark(
        "Being found with these words can cost you dearly. Look at them with the person who "
        "shows them, and keep nothing."
    ),
    Exposure.GRAVE: mark(
        "Being found with these words can cost lives. Look at them with the person who shows "
        "them, and keep nothing."
    ),
}


def safety_note(audience: Audience, exposure: Exposure, words: Words) -> str:
    """Return the note in the words' locale: whom to trust with what, and what can't be undone."""
    return f"{words(_FOR_AUDIENCE[audience])} {words(_FOR_EXPOSURE[exposure])}"
