"""What was built, editions and their files, by the digest of everything it was built from.

What always holds:

- An entry is there whole or not at all: it is written beside and renamed.
- An entry is checked against its own digests before it is used; one that was damaged is built anew.
- What no edition of a build used is swept away at its end.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

import bojagi

_INDEX: Final = "index.json"
_PART: Final = ".part-"
_LIBRARIES: Final = (
    *("babel", "brotli", "jinja2", "markdown-it-py", "marshmallow", "nh3", "pillow", "polib"),
    *("pyyaml", "zstandard"),
)
"""Libraries whose version can change the bytes of a page."""


class EditionCache:
    """The cache of one data folder; one build at a time holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        for entry in folder.glob(f"{_PART}*"):
            shutil.rmtree(entry, ignore_errors=True)

    def paths(self, key: str) -> list[str] | None:
        """Return the paths of an entry's files, or None when it isn't there whole."""
        entry = self.folder / key
        try:
            index: Mapping[str, str] = json.loads((entry / _INDEX).read_text("utf-8"))
            whole = all(
                sha256((entry / path).read_bytes()).hexdigest() == digest
                for path, digest in index.items()
            )
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        if not whole or not index:
            return None
        self.used.add(key)
        return list(index)

    def keep(self, key: str, files: Mapping[str, bytes]) -> list[str]:
        """Keep what was built and return the paths of its files."""
        part = self.folder / (_PART + key)
        index: dict[str, str] = {}
        for path, content in files.items():
            target = part / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            index[path] = sha256(content).hexdigest()
        (part / _INDEX).write_text(json.dumps(index), "utf-8")
        shutil.rmtree(self.folder / key, ignore_errors=True)
        part.rename(self.folder / key)
        self.used.add(key)
        return list(index)

    def sweep(self) -> None:
        """Remove what this build didn't use."""
        for entry in self.folder.iterdir():
            if entry.name not in self.used:
                shutil.rmtree(entry, ignore_errors=True)


@cache
def program_digest() -> str:
    """Return the digest of everything of the program that editions are built with."""
    digest = sha256(f"{bojagi.__version__} {sys.version}".encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    package = files("bojagi")
    for room in ("domain", "markup", "authoring", "building", "services"):
        for path in sorted(Path(str(package / room)).rglob("*")):
            if path.suffix in {".py", ".html", ".css"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
