"""A first draft in the other Korean, for a person to finish.

What always holds: whatever isn't sure stays as it was, marked `⟦노력→로력⟧` with what it may be; a
check blocks a text in which such a mark is left. A draft is never an approval of anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bojagi.authoring.origin.forms import Form, forms_foreign_to
from bojagi.authoring.origin.words import Kind
from bojagi.domain.hangul.particles import PARTICLE_PAIRS, with_particle
from bojagi.domain.identifiers import LocaleCode

OPEN: Final = "⟦"
CLOSE: Final = "⟧"
_ARROW: Final = "→"
_PAIR_OF: Final = {form: pair for pair in PARTICLE_PAIRS for form in pair.split("/")}
_PARTICLE: Final = re.compile(
    "(" + "|".join(sorted(_PAIR_OF, key=len, reverse=True)) + ")(?![가-힣])"
)
_NOUNS: Final = frozenset({Kind.SPELLING, Kind.WORD})


@dataclass(frozen=True)
class Draft:
    """A text in the other Korean, as far as that can be told.

    Attributes:
        changed: how many forms were put in.
        unsure: how many are marked for a person to decide.
    """

    text: str
    changed: int
    unsure: int


def draft(text: str, locale: LocaleCode) -> Draft:
    """Draft a text in a Korean.

    Args:
        text: in the other Korean, composed; Markdown and placeholders come through as they are.
        locale: `ko_KP` or `ko_KR`.
    """
    parts: list[str] = []
    at = changed = unsure = 0
    for form in forms_foreign_to(locale, text):
        found = text[form.start : form.end]
        parts.append(text[at : form.start])
        at = form.end
        if form.is_sure and form.instead:
            parts.append(form.instead)
            changed += 1
            at += _with_fitting_particle(parts, form, text)
        else:
            parts.append(f"{OPEN}{found}{_ARROW}{form.instead}{CLOSE}")
            unsure += 1
    return Draft("".join([*parts, text[at:]]), changed, unsure)


def _with_fitting_particle(parts: list[str], form: Form, text: str) -> int:
    """Let the particle that follows a noun fit the new one; return how long the old one was."""
    particle = _PARTICLE.match(text, form.end)
    if form.kind not in _NOUNS or particle is None:
        return 0
    parts[-1] = with_particle(parts[-1], _PAIR_OF[particle[1]])
    return len(particle[1])
