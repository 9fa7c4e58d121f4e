"""Which shelf answers which path, and in whose words an error is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from bojagi.building.shelf_pages import LIBRARY, OUT
from bojagi.building.tree import (
    PUBLIC,
    REPOSITORY,
    Route,
    current_tree,
    read_apart,
    read_order,
    read_routes,
)
from bojagi.errors import ServeError
from bojagi.settings import Settings, Surface


@dataclass(frozen=True)
class MountedShelf:
    """A shelf's tree and the path it is served under.

    Attributes:
        code: the shelf's.
        prefix: `/` or `/d5/`.
        public: the folder its files are in.
        routes: by address below the prefix.
    """

    code: str
    prefix: str
    public: Path
    routes: Mapping[str, Route]

    def error_page(self, status: HTTPStatus) -> bytes:
        """Return the page that tells of an error in the shelf's own words."""
        return (self.public / "errors" / f"{status}.html").read_bytes()


def mount_shelves(settings: Settings) -> tuple[MountedShelf, ...]:
    """Find the shelves that are served: the first at `/`, the others under their codes.

    A sensitive open shelf shares a host with no other: it is served alone, when it is asked for.

    A shelf whose tree is gone keeps its path and answers nothing: no other may step into its
    place, where other readers would open it.

    Raises:
        ServeError: when there is no tree, or not of the shelf that was asked for.
    """
    folder = settings.data / "shelves"
    codes = read_order(folder)
    if settings.shelf:
        codes = [code for code in codes if code == settings.shelf]
    elif len(codes) > 1:
        apart = read_apart(folder)
        codes = [code for code in codes if code not in apart]
    trees = {code: current_tree(folder / code) for code in codes}
    if not any(trees.values()):
        wanted = f"shelf {settings.shelf!r}" if settings.shelf else "any open shelf"
        raise ServeError(f"nothing is built for {wanted} in {settings.data}; run 'bojagi build'")
    return tuple(
        MountedShelf(
            code=code,
            prefix="/" if index == 0 else f"/{code}/",
            public=(tree or folder / code) / PUBLIC,
            routes=_offered(read_routes(tree), settings.surface) if tree else {},
        )
        for index, (code, tree) in enumerate(trees.items())
    )


def _offered(routes: Mapping[str, Route], surface: Surface) -> dict[str, Route]:
    if surface is Surface.STUDIO:
        return {}
    return {
        address: route
        for address, route in routes.items()
        if surface is Surface.ALL
        or address == OUT
        or address.startswith((LIBRARY, REPOSITORY)) == (surface is Surface.LIBRARY)
    }


def shelf_of(path: str, shelves: tuple[MountedShelf, ...]) -> MountedShelf:
    """Return the shelf a path belongs to: the one with the longest prefix that fits."""
    fitting = [shelf for shelf in shelves if path.startswith(shelf.prefix)]
    return max(fitting, key=lambda shelf: len(shelf.prefix), default=shelves[0])
