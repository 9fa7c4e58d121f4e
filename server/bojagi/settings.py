"""Settings: one frozen object, made at the edge and passed in.

Read only by `cli` and `web/app`; the import contracts hold everyone else to that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bojagi.errors import InvalidValueError

DATA: Final = "BOJAGI_DATA"
KEYS: Final = "BOJAGI_KEYS"
MEMORY: Final = "BOJAGI_MEMORY"
SURFACE: Final = "BOJAGI_SURFACE"
SHELF: Final = "BOJAGI_SHELF"


class Surface(StrEnum):
    """Which surfaces a server offers."""

    ALL = "all"
    PAGES = "pages"
    LIBRARY = "library"


@dataclass(frozen=True)
class Settings:
    """Where the data is and what of it is served.

    Attributes:
        data: the data folder.
        surface: which surfaces are offered.
        shelf: the code of the one shelf that is served; empty for every open shelf, the first at
            `/` and the others under their codes.
    """

    data: Path
    surface: Surface = Surface.ALL
    shelf: str = ""

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
        return cls(Path(given.get(DATA, "var")), Surface(surface), given.get(SHELF, ""))

    def to_environment(self) -> dict[str, str]:
        """Return the variables that make a server process read just these settings."""
        return {DATA: str(self.data), SURFACE: str(self.surface), SHELF: self.shelf}
