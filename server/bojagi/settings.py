"""Settings: one frozen object, made at the edge and passed in.

Read only by `cli` and `web/app`; the import contracts hold everyone else to that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from bojagi.errors import InvalidValueError

DATA: Final = "BOJAGI_DATA"
DATABASE_URL: Final = "BOJAGI_DATABASE_URL"
HTTPS: Final = "BOJAGI_HTTPS"
KEYS: Final = "BOJAGI_KEYS"
MEMORY: Final = "BOJAGI_MEMORY"
PERSON: Final = "BOJAGI_PERSON"
SURFACE: Final = "BOJAGI_SURFACE"
SHELF: Final = "BOJAGI_SHELF"


class Surface(StrEnum):
    """Which surfaces a server offers."""

    ALL = "all"
    PAGES = "pages"
    LIBRARY = "library"
    STUDIO = "studio"

    @property
    def has_studio(self) -> bool:
        """Whether the studio's API answers there; nothing else opens its database."""
        return self in {Surface.ALL, Surface.STUDIO}


@dataclass(frozen=True)
class Settings:
    """Where the data is and what of it is served.

    Attributes:
        data: the data folder.
        surface: which surfaces are offered.
        shelf: the code of the one shelf that is served; empty for every open shelf, the first at
            `/` and the others under their codes.
        database: the URL of the studio's database; empty for the one in the data folder.
        https: the studio is reached by https only, through something that speaks it for us.
    """

    data: Path
    surface: Surface = Surface.ALL
    shelf: str = ""
    database: str = field(default="", repr=False)  # it may hold a password
    https: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of a server process.

        Raises:
            InvalidValueError: for a surface that doesn't exist.
        """
        given = os.environ if environment is None else environment
        surface = given.get(SURFACE, Surface.ALL)
        if surface not in set(Surface):
            raise InvalidValueError(SURFACE, surface, ", ".join(Surface))
        return cls(
            Path(given.get(DATA, "var")),
            Surface(surface),
            given.get(SHELF, ""),
            given.get(DATABASE_URL, ""),
            given.get(HTTPS, "") == "1",
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables that make a server process read just these settings."""
        return {
            DATA: str(self.data),
            SURFACE: str(self.surface),
            SHELF: self.shelf,
            DATABASE_URL: self.database,
            HTTPS: "1" if self.https else "",
        }
