"""Files' contents in a table of JSON: each once, readable where it is text, short where it repeats.

A content is a list of parts: a text, `{"base64": ...}`, or `{"of": text, "times": number}`.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

Part = str | dict[str, Any]

_LONG: Final = re.compile(r"(.{1,12}?)\1{199,}", re.DOTALL)
_ID_LENGTH: Final = 10


class Contents:
    """Contents by a short name, which is the beginning of their SHA-256."""

    def __init__(self, parts: Mapping[str, list[Part]] | None = None) -> None:
        self.parts: dict[str, list[Part]] = dict(parts or {})

    def put(self, data: bytes) -> str:
        """Keep content; return its name."""
        name = sha256(data).hexdigest()[:_ID_LENGTH]
        known = self.parts.setdefault(name, parts_of(data))
        assert known == parts_of(data), "two contents of one name"
        return name

    def get(self, name: str) -> bytes:
        """Return content by its name."""
        return bytes_from_parts(self.parts[name])


def parts_of(data: bytes) -> list[Part]:
    """Write content as parts."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return [{"base64": b64encode(data).decode()}]
    parts: list[Part] = []
    start = 0
    for found in _LONG.finditer(text):
        parts += [text[start : found.start()]] if found.start() > start else []
        parts.append({"of": found[1], "times": len(found[0]) // len(found[1])})
        start = found.end()
    return [*parts, text[start:]] if text[start:] or not parts else parts


def bytes_from_parts(parts: Iterable[Part]) -> bytes:
    """Read content from its parts."""
    return b"".join(_bytes_of(part) for part in parts)


def _bytes_of(part: Part) -> bytes:
    if isinstance(part, str):
        return part.encode("utf-8")
    if "base64" in part:
        return b64decode(part["base64"])
    return str(part["of"]).encode("utf-8") * int(part["times"])
