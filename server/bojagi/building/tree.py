"""A shelf's static tree on disk: whole or not there.

    <folder>/
      tree-<digest>/
        public/          what a host serves, as it stands
        tree.json        which file answers which address
      current            the name of the tree that is served; replaced last, atomically

Beside the folders of all shelves, `order` names those that are served, the first one first, and
marks those that share a host with no other.

What always holds:

- Until `current` is replaced, the last good tree is the one that is served, whatever happens.
- A tree is named by the digest of all its files, so the same content is the same tree. One that
  was damaged since is not taken again; another is written beside it.
- An older tree is removed at once: what was taken off a shelf must not lie on its host. A server
  that misses a file of it takes up the new one and answers from there.
- Files are linked from the build's cache where the file system can, and copied where it can't.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Final

from bojagi.building.artifact import DOWNLOADS, PAGES
from bojagi.building.compression import SUFFIXES
from bojagi.building.shelf_pages import INDEX, LIBRARY
from bojagi.disk import write_whole
from bojagi.errors import DataFolderError

FORMAT: Final = "bojagi-tree/2"
CURRENT: Final = "current"
ORDER: Final = "order"
APART: Final = "apart"
PUBLIC: Final = "public"
REPOSITORY: Final = "repository/"
MANIFEST: Final = "tree.json"
_TREE: Final = "tree-"
_PART: Final = ".part-"


class Keeping(StrEnum):
    """How long whoever fetched a file may keep it (RFC 9111)."""

    NEVER = "never"
    """Pages, files, and whatever is sealed."""
    ASK = "ask"
    """The newest signed thing: kept, and asked about each time."""
    EVER = "ever"
    """Its name says its version or its digest, so it never changes."""


@dataclass(frozen=True)
class Route:
    """Which file answers an address.

    Attributes:
        path: below the tree's public folder.
        download: the name a browser saves it under; empty for a page.
        keeping: how long it may be kept.
    """

    path: str
    download: str = ""
    keeping: Keeping = Keeping.NEVER


def place_of(path: str) -> str:
    """Return where a file of an edition stands in its shelf's tree."""
    if path.startswith(DOWNLOADS):
        return LIBRARY + path
    return path.removeprefix(PAGES)


def edition_of(path: str) -> int:
    """Return the number of the edition a page belongs to; 0 for what is the shelf's own."""
    number = path.partition("/")[0].removesuffix(".html")
    return int(number) if number.isdecimal() else 0


def routes_of(paths: list[str], *, sealed: bool = False) -> dict[str, Route]:
    """Return the addresses of a tree, without the leading `/`, each with its file."""
    routes: dict[str, Route] = {}
    for path in sorted(paths):
        if path.endswith(tuple(SUFFIXES.values())) or path.startswith("errors/"):
            continue
        if path.startswith(REPOSITORY):
            routes[path] = Route(path, keeping=_keeping(path, sealed=sealed))
        elif path.startswith(LIBRARY + DOWNLOADS):
            routes[path] = Route(path, download=path.rpartition("/")[2])
        elif path.endswith(INDEX):
            routes[path.removesuffix(INDEX)] = Route(path)
        else:
            routes[path.removesuffix(".html")] = Route(path)
    return routes


def _keeping(path: str, *, sealed: bool) -> Keeping:
    if sealed:
        return Keeping.NEVER
    return Keeping.ASK if path.endswith("/timestamp.json") else Keeping.EVER


def write_tree(folder: Path, sources: Mapping[str, Path | bytes], *, sealed: bool = False) -> str:
    """Write a tree and make it the one that is served.

    Args:
        folder: the shelf's folder; made when missing.
        sources: what stands at each path of the public folder: bytes, or a file to link.
        sealed: nobody on the way may keep any of it.

    Returns:
        The tree's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _manifest(sources, sealed=sealed)
    digest = sha256(manifest)
    for path, source in sorted(sources.items()):
        content = source if isinstance(source, bytes) else source.read_bytes()
        digest.update(f"{path}\0{sha256(content).hexdigest()}\n".encode())
    first = name = _TREE + digest.hexdigest()[:24]
    served = current_tree(folder)
    if served and served.name.startswith(first) and _is_whole(served, sources, manifest):
        name = served.name
    attempts = count(1)
    while (folder / name).exists() and not _is_whole(folder / name, sources, manifest):
        name = f"{first}-{next(attempts)}"
    if not (folder / name).exists():
        _write_beside(folder, name, sources, manifest)
    _sync()
    write_whole(folder / CURRENT, f"{name}\n".encode("ascii"))
    _sweep(folder, name)
    return name


def take_down(folder: Path) -> None:
    """Serve nothing of a shelf any more, and leave no byte of it."""
    (folder / CURRENT).unlink(missing_ok=True)
    _sweep(folder, "")


def write_order(folder: Path, codes: Sequence[str], apart: Collection[str] = ()) -> None:
    """Say which shelves are served and in which order; the trees of all others are removed.

    Args:
        folder: the folder of all shelves.
        codes: the shelves' codes, the first one first.
        apart: those of them that share a host with no other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{code} {APART}\n" if code in apart else f"{code}\n" for code in codes)
    write_whole(folder / ORDER, "".join(lines).encode("ascii"))
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in codes:
            shutil.rmtree(entry, ignore_errors=True)


def read_order(folder: Path) -> list[str]:
    """Return the codes of the shelves that are served, the first one first.

    Raises:
        DataFolderError: when that can't be read.
    """
    return [line.split()[0] for line in _order_lines(folder)]


def read_apart(folder: Path) -> set[str]:
    """Return the codes of the shelves that share a host with no other.

    Raises:
        DataFolderError: when that can't be read.
    """
    return {line.split()[0] for line in _order_lines(folder) if line.split()[1:] == [APART]}


def _order_lines(folder: Path) -> list[str]:
    try:
        return [line for line in (folder / ORDER).read_text("ascii").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise DataFolderError(f"{folder / ORDER} can't be read: {error}") from error


def current_tree(folder: Path) -> Path | None:
    """Return the tree that is served, or None when there is none yet, or it is spoilt."""
    try:
        name = (folder / CURRENT).read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    except OSError as error:
        raise DataFolderError(f"{folder / CURRENT} can't be read: {error}") from error
    tree = folder / name
    return tree if name.startswith(_TREE) and (tree / MANIFEST).is_file() else None


def read_routes(tree: Path) -> dict[str, Route]:
    """Read which file answers which address.

    Raises:
        DataFolderError: when the tree was written by another version, or can't be read.
    """
    try:
        manifest = json.loads((tree / MANIFEST).read_text("utf-8"))
        found = manifest["format"]
        if found == FORMAT:
            return {
                address: Route(fields["path"], fields["download"], Keeping(fields["keeping"]))
                for address, fields in manifest["routes"].items()
            }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFolderError(f"{tree / MANIFEST} can't be read; run 'bojagi build'") from error
    raise DataFolderError(f"the tree is {found!r}; this version reads {FORMAT!r}")


def _manifest(sources: Mapping[str, Path | bytes], *, sealed: bool) -> bytes:
    routes = routes_of(list(sources), sealed=sealed)
    fields: dict[str, Any] = {
        "format": FORMAT,
        "routes": {address: vars(route) for address, route in routes.items()},
    }
    return json.dumps(fields, sort_keys=True, indent=1).encode("utf-8")


def _is_whole(tree: Path, sources: Mapping[str, Path | bytes], manifest: bytes) -> bool:
    """Whether a tree on the disk holds just these files, as they are."""
    public = tree / PUBLIC
    try:
        there = {
            path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()
        }
        return (
            (tree / MANIFEST).read_bytes() == manifest
            and there == set(sources)
            and all(_is_same(public / path, source) for path, source in sources.items())
        )
    except OSError:
        return False


def _is_same(path: Path, source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        return path.read_bytes() == source
    return path.samefile(source) or path.read_bytes() == source.read_bytes()


def _write_beside(
    folder: Path, name: str, sources: Mapping[str, Path | bytes], manifest: bytes
) -> None:
    part = folder / (_PART + name)
    shutil.rmtree(part, ignore_errors=True)
    for path, source in sources.items():
        target = part / PUBLIC / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, bytes):
            target.write_bytes(source)
        else:
            link_or_copy(source, target)
    (part / MANIFEST).write_bytes(manifest)
    part.rename(folder / name)


def link_or_copy(source: Path, target: Path) -> None:
    """Link a file, or copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sweep(folder: Path, keep: str) -> None:
    """Remove what an interrupted build left, and every tree that isn't served any more."""
    for entry in folder.iterdir():
        if entry.name.startswith((_PART, _TREE)) and entry.name != keep:
            shutil.rmtree(entry, ignore_errors=True)


def _sync() -> None:
    """Ask the system to put everything on the disk, where it can be asked."""
    if hasattr(os, "sync"):
        os.sync()
