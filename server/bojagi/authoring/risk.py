"""Where a wrong word in a translation can harm: read off the source, for its translators to see.

What always holds: it reads signs and words, not meaning. It errs towards risk, which costs a second
look; an article that time is critical for is guarded whole, whatever its units say.
"""

from __future__ import annotations

import re
from typing import Final

from bojagi.domain.translation import Risk

_CONTACT: Final = re.compile(r"\{hotline:")
_FIGURE: Final = re.compile(r"\{fact:|\d")
_WARNING: Final = re.compile(
    r"마십시오|지\s?말|아서는|어서는|면\s?안|안\s?됩니다|안\s?된다|금지|삼가"
    r"|위험|위태|목숨|죽|사망|중독|감전|질식|불법|처벌|벌금"
)
"""In the two Koreans, which every pack is written in: what not to do, and what can happen."""
NEGATIONS: Final = re.compile(
    r"없|않|못|말[아고며지라]|마십|안\s?[되됩된될돼]|아니|아닌|아닙|금지|제외"
)
"""Words that turn a sentence round, in the two Koreans."""


def risk_of(text: str) -> Risk:
    """Return why a wrong word in the translation of a text can harm, the gravest reason first."""
    if _CONTACT.search(text):
        return Risk.CONTACT
    if _WARNING.search(text):
        return Risk.WARNING
    if _FIGURE.search(text):
        return Risk.FIGURE
    return Risk.NONE
