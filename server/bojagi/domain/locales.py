"""The locales a publisher works in, and which Korean an audience is written in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from bojagi.domain.identifiers import LocaleCode

KO_KP: Final = LocaleCode("ko_KP")
KO_KR: Final = LocaleCode("ko_KR")
EN: Final = LocaleCode("en")


@dataclass(frozen=True)
class Locale:
    """One locale of `i18n/locales.yaml`.

    Attributes:
        code: its POSIX code and folder name.
        own_name: what its speakers call it (CLDR's names for the two Koreans are southern ones).
        language_tag: BCP 47, as HTML's `lang` carries it. Both Koreans are `ko`: a territory in
            the markup would be one more mark on a page.
        has_all_words: whether every program speaks it; else only the pages that readers get do.
    """

    code: LocaleCode
    own_name: str
    language_tag: str
    has_all_words: bool = False


_TAG: Final = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE
)
_SCRIPTS: Final = {
    "CN": "Hans",
    "SG": "Hans",
    "MY": "Hans",
    "TW": "Hant",
    "HK": "Hant",
    "MO": "Hant",
}
"""The script of written Chinese by region (CLDR, likely subtags)."""


def negotiate(wanted: Iterable[str], offered: Collection[LocaleCode]) -> LocaleCode | None:
    """Return the first locale on offer that somebody can read; None where there is none.

    Who asks for one Korean never gets the other, not by a bare `ko` beside `ko-KP` either, which
    browsers add; who asks for Korean alone gets the one that comes first. `zh`, `zh-CN` and
    `zh-Hans` are simplified Chinese, `zh-TW` is not.

    Args:
        wanted: language tags as browsers send them, the best first; rubbish is passed over.
        offered: the locales there are, the best first.
    """
    found = [match.groups("") for tag in wanted if (match := _TAG.fullmatch(tag.strip()))]
    tags = [
        (language.lower(), script.title(), region.upper()) for language, script, region in found
    ]
    is_northern = any((language, region) == ("ko", "KP") for language, _, region in tags)
    for language, script, region in tags:
        place = region or ("KP" if is_northern and language == "ko" else "")
        for locale in offered:
            if _fits(locale, language, script, place):
                return locale
    return None


def _fits(locale: LocaleCode, language: str, script: str, region: str) -> bool:
    ours, *subtags = locale.split("_")
    if ours != language:
        return False
    if locale.is_korean:
        return not region or region in subtags
    our_script = next((each for each in subtags if len(each) == len("Hans")), "")
    return not our_script or our_script == (script or _SCRIPTS.get(region, "Hans"))
