"""Passages of which no rule of phrase spoke, so that the next run needn't look again.

What always holds: nothing but digests is kept, each of a passage together with every file that
reads it. So what another program kept, or what was spoilt, says nothing of any passage here.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Final

_BYTES: Final = 16
_FOLDER: Final = Path(__file__).parent


class QuietPassages:
    """What is known to be quiet: taken up when a run begins, handed on when it ends."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._met: set[bytes] = set()

    def take_up(self, raw: bytes) -> None:
        """Take up what a run before this one handed on."""
        self._known.update(raw[at : at + _BYTES] for at in range(0, len(raw), _BYTES))

    def hand_on(self) -> bytes:
        """Return what is to be kept: the passages that were met and of which nothing spoke."""
        return b"".join(sorted(self._met))

    def holds(self, locale: str, text: str) -> bool:
        """Whether a passage is known to be quiet."""
        name = _name(locale, text)
        if name not in self._known:
            return False
        self._met.add(name)
        return True

    def add(self, locale: str, text: str) -> None:
        """Remember a passage of which nothing spoke."""
        name = _name(locale, text)
        self._known.add(name)
        self._met.add(name)

    def forget(self) -> None:
        """Know nothing any more."""
        self._known.clear()
        self._met.clear()


def _name(locale: str, text: str) -> bytes:
    passage = f"{locale}\0{text}".encode("utf-8", "surrogatepass")
    return blake2b(passage, digest_size=_BYTES, key=_readers()).digest()


@cache
def _readers() -> bytes:
    """Return the digest of everything that reads passages: the modules here, and the phrases."""
    digest = sha256()
    for path in sorted(_FOLDER.rglob("*")):
        if path.suffix in {".py", ".toml"}:
            digest.update(f"{path.relative_to(_FOLDER)}\0".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.digest()
