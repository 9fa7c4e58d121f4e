"""What the verbs share: folders, locales, passphrases, exit codes."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bojagi.domain.identifiers import LocaleCode, ShelfCode
from bojagi.errors import BojagiError, InvalidValueError, KeyFileError, ServeError
from bojagi.settings import DATA, DATABASE_URL, KEYS, MEMORY

if TYPE_CHECKING:
    from bojagi.authoring.library import Library
    from bojagi.building.words import Words
    from bojagi.domain.shelf import Shelf
    from bojagi.services.keyring import Keyring

BLOCKED: Final = 1
WORDS: Final = 2
CANT: Final = 3

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name


class WordsError(BojagiError):
    """Words of the command name something that isn't there."""


def database_url() -> str:
    """Return the URL of the studio's database; empty for the one in the data folder."""
    return os.environ.get(DATABASE_URL, "")


def root_options() -> argparse.ArgumentParser:
    """Return the option that names the project's folder."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--root", type=Path, default=Path(), help="the folder of content_packs/ and i18n/"
    )
    return options


def data_options() -> argparse.ArgumentParser:
    """Return the option that names the data folder."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get(DATA, "var")),
        help=f"where what is built and signed is kept (or {DATA}; default var/)",
    )
    return options


def key_options() -> argparse.ArgumentParser:
    """Return the options that name a folder of keys and a passphrase."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--keys",
        type=Path,
        default=Path(os.environ.get(KEYS, Path.home() / ".bojagi-keys")),
        help=f"the folder of keys (or {KEYS}; default ~/.bojagi-keys)",
    )
    options.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="its first line, instead of asking"
    )
    return options


def memory_options() -> argparse.ArgumentParser:
    """Return the option that names the verifier's memory."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--memory",
        type=Path,
        default=Path(os.environ.get(MEMORY, Path.home() / ".bojagi-memory")),
        help=f"pinned roots and what was seen before (or {MEMORY}; default ~/.bojagi-memory)",
    )
    return options


def locale_options() -> argparse.ArgumentParser:
    """Return the option that names the locale of what is said."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--locale", choices=["en", "ko_KR"], default=own_locale())
    return options


def own_locale() -> str:
    """Return the locale this machine speaks, of those the verbs speak."""
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "ko_KR" if (language or "").startswith("ko") else "en"


def now() -> datetime:
    """Return what this machine says the time is."""
    return datetime.now(tz=UTC).replace(microsecond=0)


def read(root: Path) -> Library:
    """Read the content folders.

    Raises:
        ServeError: when there are none.
    """
    from bojagi.authoring.library import read_library

    refuse_no_packs(root)
    return read_library(root)


def refuse_no_packs(root: Path) -> None:
    """Raise `ServeError` where there are no content folders."""
    from bojagi.authoring.library import PACKS

    try:
        is_there = (root / PACKS).is_dir()
    except OSError as error:
        raise ServeError(f"{root} can't be read: {error.strerror}") from error
    if not is_there:
        raise ServeError(f"there is no {PACKS}/ in {root.resolve()}; expected the project's folder")


def shelf_of(library: Library, code: str) -> Shelf:
    """Return a shelf by its code; raises `WordsError` for one that isn't there."""
    try:
        return library.shelves[ShelfCode(code)]
    except (KeyError, InvalidValueError) as error:
        codes = ", ".join(library.shelves) or "none"
        raise WordsError(f"there is no shelf {code!r}; there are: {codes}") from error


def words_of(locale: str) -> Words:
    """Return the programs' words, wherever the program is installed."""
    from bojagi.services.program_words import program_words

    return program_words(LocaleCode(locale))


def keyring(options: argparse.Namespace) -> Keyring:
    """Open the folder of keys, which must not be one that is served."""
    from bojagi.services.keyring import Keyring

    served = getattr(options, "data", Path(os.environ.get(DATA, "var"))) / "shelves"
    return Keyring.open(options.keys, served)


def passphrase(options: argparse.Namespace, what: str, *, twice: bool = False) -> str:
    """Return a passphrase: from its file, or asked for without showing it.

    Raises:
        KeyFileError: when it can't be read, or was typed two ways.
    """
    if options.passphrase_file:
        try:
            text = options.passphrase_file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(
                f"{options.passphrase_file} can't be read as a passphrase"
            ) from error
        return str(text.split("\n", 1)[0].rstrip("\r"))
    if not sys.stdin.isatty():
        raise KeyFileError(f"no terminal to ask for the passphrase of {what}; --passphrase-file?")
    given = getpass.getpass(f"Passphrase of {what}: ")
    if twice and getpass.getpass("Once more: ") != given:
        raise KeyFileError("the two passphrases differ")
    return given


def read_file(path: Path, what: str) -> bytes:
    """Read a file that a person named.

    Raises:
        WordsError: when it can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise WordsError(f"{path} can't be read as {what}: {error.strerror}") from error


def write_file(path: Path, content: bytes) -> None:
    """Write a file that a person named, whole or not at all.

    Raises:
        WordsError: when it can't be written.
    """
    from bojagi.disk import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise WordsError(f"{path} can't be written: {error.strerror}") from error
