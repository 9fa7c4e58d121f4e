"""The content folders on the disk: read, written into, and what could never be of them."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Final

from bojagi.authoring.library import CATALOGUES, PACKS
from bojagi.disk import write_whole
from bojagi.domain import limits
from bojagi.errors import ConflictError, InvalidValueError

_LEVELS: Final = 5
_PATH_CHARACTERS: Final = 200
_NAME_BYTES: Final = 120
"""Of one name in a path; file systems take 255."""
_DIFFERENCE_LINES: Final = 60
_DIFFERENCE_CHARACTERS: Final = 200
"""Of one line that is shown."""


def folder_files(root: Path, left_out: list[str] | None = None) -> dict[str, bytes]:
    """Return every file of the content folders by its path; nothing outside them, no link followed.

    Args:
        root: the folder of the content folders.
        left_out: takes what is wrong with a file, which then isn't returned.

    Raises:
        InvalidValueError: for a file that is too large, too deep, or of a strange name, unless such
            files are left out.
    """
    found: dict[str, bytes] = {}
    waiting = [root / top for top in (PACKS, CATALOGUES)]
    waiting = [top for top in waiting if top.is_dir() and not top.is_symlink()]
    while waiting:
        for entry in waiting.pop().iterdir():
            path = entry.relative_to(root).as_posix()
            if entry.is_symlink() or entry.name.startswith("."):
                continue
            if entry.is_dir():
                waiting.append(entry)
            elif entry.is_file():
                try:
                    refuse_strange(path, entry.stat().st_size)
                except InvalidValueError as error:
                    if left_out is None:
                        raise
                    left_out.append(f"{path}: {error}")
                    continue
                found[path] = entry.read_bytes()
    return found


def put(root: Path, path: str, content: bytes | None) -> None:
    """Write a file of the content folders, or take it away; no link is followed.

    Raises:
        ConflictError: when a link, a folder or the disk is in the way.
    """
    place = root / path
    if any(folder.is_symlink() for folder in (root / above for above in _above(path))):
        raise ConflictError(f"{path} leads through a link in the folders; take that away first")
    try:
        if content is None:
            place.unlink(missing_ok=True)
        else:
            write_whole(place, content)
    except OSError as error:
        raise ConflictError(f"{path} can't be written: {error.strerror}") from error


def _above(path: str) -> list[str]:
    """Return the folders that a path leads through: `a` and `a/b` of `a/b/c`."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def refuse_inside(standing: Collection[str]) -> None:
    """Refuse a file that stands where others have a folder.

    Raises:
        InvalidValueError: naming the file that lies inside another.
    """
    for path in standing:
        for above in _above(path):
            if above in standing:
                raise InvalidValueError("path", path, f"a name beside {above}, not inside it")


def refuse_strange(path: str, size: int) -> None:
    """Refuse what could never be a file of the content folders.

    Raises:
        InvalidValueError: for a path outside them, a strange name, or too many bytes.
    """
    parts = path.split("/")
    is_ours = (
        parts[0] in {PACKS, CATALOGUES}
        and 1 < len(parts) <= _LEVELS
        and all(_is_plain(part) for part in parts)
        and "\\" not in path
        and len(path) <= _PATH_CHARACTERS
    )
    if not is_ours:
        raise InvalidValueError("path", path, f"a file below {PACKS}/ or {CATALOGUES}/")
    if size > limits.CATALOGUE_BYTES:
        raise InvalidValueError("size", size, f"at most {limits.CATALOGUE_BYTES} bytes: {path}")


def _is_plain(part: str) -> bool:
    """Whether any system can write a name, and nobody is misled by it."""
    return bool(
        part
        and not part.startswith(".")
        and part.isprintable()
        and len(part.encode("utf-8")) <= _NAME_BYTES
    )


def difference(path: str, here: bytes | None, there: bytes | None) -> list[str]:
    """Return what differs between a document here and in the folders, in lines fit for a terminal.

    Args:
        path: of the document.
        here: its bytes here; None where it was taken away.
        there: the same in the folders.
    """
    if here is None or there is None:
        return [f"{path}: {'here' if here is None else 'in the folders'} it is gone"]
    try:
        ours, theirs = (content.decode("utf-8").splitlines() for content in (here, there))
    except UnicodeDecodeError:
        return [f"{path}: {len(here)} bytes here, other {len(there)} in the folders"]
    names = (f"here/{path}", f"folders/{path}")
    found = difflib.unified_diff(ours, theirs, *names, n=1, lineterm="")
    shown = [_shown(line) for line in islice(found, _DIFFERENCE_LINES)]
    return shown or [f"{path}: they differ in their line ends"]


def _shown(line: str) -> str:
    """Return a line with what a terminal would obey, or nobody would see, spelled out."""
    plain = line[:_DIFFERENCE_CHARACTERS].replace("\t", " ")
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in plain
    )
