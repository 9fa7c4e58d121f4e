"""How much an edit of a source text changed: by what is said of it, and whatever is said of it.

What always holds: an edit that nobody spoke of is one of meaning, and so is one that changed a
number, a negation, a link, a placeholder or a text with a risk, whatever anybody says of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bojagi.authoring.risk import NEGATIONS, risk_of
from bojagi.authoring.sameness import differences
from bojagi.authoring.units import text_digest
from bojagi.domain.translation import Change, Edit, Risk


def change_between(edits: Sequence[Edit], before: str, after: str) -> tuple[Change, date | None]:
    """Return how much a text has changed, and the day of the last edit that somebody spoke of.

    Args:
        edits: what was said of the edits of its unit.
        before: the text as it was.
        after: the text as it is.
    """
    if before == after:
        return Change.EDITORIAL, None
    if why_meaning(before, after):
        return Change.MEANING, None
    path = _path(edits, text_digest(before), text_digest(after))
    if not path:
        return Change.MEANING, None
    return max((edit.change for edit in path), key=lambda change: change.weight), path[-1].on


def why_meaning(before: str, after: str) -> str:
    """Say why an edit changes the meaning whatever its author says; empty where it need not."""
    for what, found in differences(before, after):
        return f"its {what} changed: {found}"
    if Counter(NEGATIONS.findall(before)) != Counter(NEGATIONS.findall(after)):
        return "what it denies or forbids changed"
    for text in (before, after):
        risk = risk_of(text)
        if risk is not Risk.NONE:
            return f"a wrong word in it can harm ({risk})"
    return ""


def _path(edits: Sequence[Edit], before: str, after: str) -> list[Edit]:
    """Return the edits that lead from one text to another; nothing where none do."""
    paths: dict[str, list[Edit]] = {before: []}
    waiting = [before]
    while waiting:
        here = waiting.pop(0)
        for edit in edits:
            if edit.before == here and edit.after not in paths:
                paths[edit.after] = [*paths[here], edit]
                waiting.append(edit.after)
    return paths.get(after, [])
