"""What takes long to make of the program's own files, kept beside what Python keeps of them.

What always holds: what is kept is used only while the files it was made of, and the program that
made it, are the same to the byte. It lies where Python keeps compiled modules, and is worth as
much trust as they are; where nothing may be written there, it is made anew each time.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final, TypeVar

_FOLDER: Final = Path(cache_from_source(__file__)).parent
_KEY_BYTES: Final = 32

T = TypeVar("T")


def kept(name: str, files: Iterable[Path], make: Callable[[], T]) -> T:
    """Return what was made of files, made anew where it isn't kept.

    Args:
        name: of what is made.
        files: all that it is made of, the modules that make it included.
        make: makes it; it has to be one that `pickle` takes.
    """
    key = sha256(f"{sys.version}\0{name}\0".encode())
    for path in files:
        key.update(sha256(path.read_bytes()).digest())
    place = _FOLDER / f"{name}.{sys.implementation.cache_tag}.kept"
    found = _read(place, key.digest())
    if found is not None:
        return found  # type: ignore[no-any-return]
    made = make()
    if not sys.dont_write_bytecode:
        _write(place, key.digest(), made)
    return made


def _read(place: Path, key: bytes) -> Any:  # noqa: ANN401 - whatever was kept
    with suppress(OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        raw = place.read_bytes()
        if raw[:_KEY_BYTES] == key:
            return pickle.loads(raw[_KEY_BYTES:])  # noqa: S301 - as trusted as the modules there
    return None


def _write(place: Path, key: bytes, made: object) -> None:
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        beside.write_bytes(key + pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
        beside.replace(place)
