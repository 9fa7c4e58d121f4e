"""Writing a file so that it is there whole, or as it was before."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, *, mode: int = 0o644, sync: bool = True) -> None:
    """Write beside, sync, rename: whoever reads meets the old file or the new one.

    Args:
        path: where it is to stand; its folder is made when missing.
        content: what it is to hold.
        mode: who may read it, from its first byte on.
        sync: wait until it is on the disk; without, a power cut may leave an older file, or none.

    Raises:
        OSError: when the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".part-{path.name}")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    beside.replace(path)
    if sync:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last, where the system can be asked to."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
