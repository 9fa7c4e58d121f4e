"""The headers of every answer, whatever it is."""

from __future__ import annotations

from functools import cache
from typing import Final

from bojagi.building.style import content_security_policy

_FIXED: Final = (
    ("Server", "web"),  # which program it is, is nobody's business
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, noarchive"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_OF_PAGES: Final = (
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_OF_DATA: Final = ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")


@cache
def security_headers(
    *, is_page: bool = True, keeping: str = "no-store"
) -> tuple[tuple[str, str], ...]:
    """Return the headers that keep an answer from being kept, framed, run or told on.

    Args:
        is_page: what a browser shows; metadata and editions need less.
        keeping: the value of `Cache-Control`.
    """
    shared = (*_FIXED, ("Cache-Control", keeping))
    if not is_page:
        return (*shared, _OF_DATA)
    policy = f"{content_security_policy()}; frame-ancestors 'none'"
    return (*shared, *_OF_PAGES, ("Content-Security-Policy", policy))
