"""The one style sheet, written into every page, and the policy that allows just that.

A page is one request: on a slow link a second one costs more than the style weighs, and a page
that isn't kept can't share a style sheet anyway.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files


@cache
def style() -> str:
    """Return the style sheet without the white space that only its authors need."""
    text = (files("bojagi.building") / "templates" / "reading.css").read_text("utf-8")
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};:,>+]) ", r"\1", text).strip()


@cache
def content_security_policy() -> str:
    """Return the policy of every page: no script, no connection, this style, inlined pictures."""
    digest = b64encode(sha256(style().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
