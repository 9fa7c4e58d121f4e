"""The data folder: one version, one build at a time.

<data>/
  VERSION     of the layout; a newer one is refused, not guessed at
  lock        held while something is written
  cache/      what was built of each edition, by the digest of everything it was built from
  quiet       digests of passages in which checking found nothing, so that it needn't look again
  ledger/     what is signed of each shelf, by its code; never served
  shelves/    the static tree of each shelf, by its code
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bojagi.errors import DataFolderError

LAYOUT: Final = 1


class DataFolder:
    """Where the system keeps what it made.

    Raises:
        DataFolderError: when it can't be written, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cache = path / "cache"
        self.ledger = path / "ledger"
        self.shelves = path / "shelves"
        version = path / "VERSION"
        try:
            path.mkdir(parents=True, exist_ok=True)
            found = version.read_text("ascii") if version.exists() else ""
            if not found:
                self._refuse_strange()
                version.write_text(f"{LAYOUT}\n", "ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise DataFolderError(f"the data folder {path} can't be used: {error}") from error
        self._refuse_newer(found.strip() or str(LAYOUT))

    def _refuse_strange(self) -> None:
        """Refuse a folder of somebody else's: what is in `cache/` we would clear away."""
        if self.cache.exists() or self.shelves.exists():
            raise DataFolderError(
                f"{self.path} holds a cache/ or shelves/ that isn't ours (no VERSION beside it); "
                "choose another folder with --data"
            )

    def _refuse_newer(self, found: str) -> None:
        if not re.fullmatch("[0-9]{1,9}", found):
            raise DataFolderError(f"{self.path / 'VERSION'} holds {found!r}; expected a number")
        if int(found) > LAYOUT:
            raise DataFolderError(
                f"the data folder {self.path} was written by a newer version (layout {found}; "
                f"this one knows {LAYOUT}); use that version, or another folder with --data"
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder while something is written; the system lets go if we are killed.

        Raises:
            DataFolderError: when another process holds it, or something can't be written: no
                room, no right to.
        """
        try:
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise DataFolderError(
                f"the data folder {self.path} is in use by another process; wait for it to end"
            ) from error
        try:
            yield
        except OSError as error:
            raise self._unusable(error) from error
        finally:
            os.close(handle)

    def _unusable(self, error: OSError) -> DataFolderError:
        return DataFolderError(f"the data folder {self.path} can't be used: {error}")


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
