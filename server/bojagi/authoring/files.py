"""Reading and writing text files: strict on the way in, atomic on the way out."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path
from typing import Final

import bojagi
from bojagi.domain import limits
from bojagi.errors import SourceError

_PACKAGE: Final = Path(bojagi.__file__).parent
PROGRAM_ROOTS: Final = (_PACKAGE, _PACKAGE.parents[1])
"""Where the program's own `i18n/` may be: beside the modules where it is installed from a wheel, in
the project where it is worked on."""


def read_text(path: Path, name: str, *, limit: int = limits.SOURCE_TEXT_BYTES) -> str:
    """Read a text file of the content folders.

    Args:
        path: the file.
        name: how it is named in errors.
        limit: the most it may weigh, in bytes.

    Raises:
        SourceError: when it is missing, unreadable, too large, not UTF-8, not NFC, or has a byte
            order mark or Windows line ends; with the line.
    """
    raw = read_bytes(path, name, limit=limit)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SourceError.at(
            name, f"not UTF-8: byte 0x{raw[error.start]:02x}; expected UTF-8 text", line=line
        ) from error
    if text.startswith("\ufeff"):
        raise SourceError.at(name, "begins with a byte order mark; expected plain UTF-8", line=1)
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        raise SourceError.at(name, "Windows line ends; expected LF only", line=line)
    if not unicodedata.is_normalized("NFC", text):
        number = next(
            n
            for n, line_text in enumerate(text.split("\n"), start=1)
            if not unicodedata.is_normalized("NFC", line_text)
        )
        raise SourceError.at(
            name, "decomposed letters (NFD); expected composed ones (NFC)", line=number
        )
    return text


def read_bytes(path: Path, name: str, *, limit: int) -> bytes:
    """Read a file of at most so many bytes.

    Raises:
        SourceError: when it is missing, unreadable, a link, or too large.
    """
    try:
        state = path.lstat()
        if stat.S_ISLNK(state.st_mode):
            raise SourceError.at(name, "a symbolic link; expected a file of its own")
        # A pipe or a device would keep us waiting for ever.
        if not stat.S_ISREG(state.st_mode):
            raise SourceError.at(name, "a folder or a device; expected a file")
        if state.st_size > limit:
            raise SourceError.at(name, f"{state.st_size} bytes; expected at most {limit}")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError.at(name, "missing; expected a file here") from error
    except OSError as error:
        raise SourceError.at(name, f"can't be read: {error.strerror}") from error


def write_atomically(path: Path, content: bytes) -> bool:
    """Write beside, sync, rename: readers see the old file or the new one, never a half.

    A file that already holds these bytes is left alone. Returns whether something was written.

    Raises:
        SourceError: when it can't be written.
    """
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise SourceError.at(str(path), f"can't be written: {error.strerror}") from error
    return True


def entries(folder: Path, name: str) -> list[str]:
    """List a folder's names, sorted, hidden ones left out.

    Raises:
        SourceError: when it is missing or unreadable.
    """
    try:
        names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except FileNotFoundError as error:
        raise SourceError.at(name, "missing; expected a folder here") from error
    except OSError as error:
        raise SourceError.at(name, f"can't be listed: {error.strerror}") from error
    return names


def refuse_odd_name(folder: str, entry: str) -> None:
    """Refuse a name that other systems would write otherwise, or can't write at all.

    Raises:
        SourceError: when it is decomposed (NFD), or not UTF-8.
    """
    # Python keeps bytes that aren't UTF-8 as lone surrogates; no terminal can print those.
    shown = entry.encode("utf-8", "backslashreplace").decode("utf-8")
    if shown != entry:
        raise SourceError.at(f"{folder}/{shown}", "the name isn't UTF-8; rename it")
    composed = unicodedata.normalize("NFC", entry)
    if composed != entry:
        raise SourceError.at(
            f"{folder}/{composed}",
            "the name is decomposed (NFD), as some systems make it; rename it composed (NFC)",
        )
