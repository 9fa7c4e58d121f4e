"""The headers of every answer, whatever it is."""

from __future__ import annotations

from functools import cache
from typing import Final

from bojagi.building.style import content_security_policy

_FIXED: Final = (
    ("Server", "web"),  # which program it is, is nobody's business
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, noarchive"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)


@cache
def security_headers() -> tuple[tuple[str, str], ...]:
    """Return the headers that keep a page from being kept, framed, run or told on."""
    policy = f"{content_security_policy()}; frame-ancestors 'none'"
    return (*_FIXED, ("Content-Security-Policy", policy))
