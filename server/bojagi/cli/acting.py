"""What the studio's verbs share: the database of a data folder, and the person who acts.

Who has the shell of the studio's host acts as the person they name. What that person may do, and
that nobody approves their own text, holds here as everywhere.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from bojagi.cli.options import WordsError, database_url
from bojagi.errors import NotThereError
from bojagi.settings import PERSON

if TYPE_CHECKING:
    from bojagi.authoring.library import Library
    from bojagi.services.desk import Desk
    from bojagi.storage.people import Person


def person_options() -> argparse.ArgumentParser:
    """Return the option that names who acts."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--as",
        dest="person",
        metavar="NAME",
        default=os.environ.get(PERSON, ""),
        help=f"the pseudonym of who does this (or {PERSON})",
    )
    return options


@contextmanager
def open_desk(options: argparse.Namespace) -> Iterator[Desk]:
    """Open the studio of a data folder; names that aren't there are wrong words of the command."""
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.desk import Desk

    desk = Desk.open(DataFolder(options.data), database_url())
    try:
        yield desk
    except NotThereError as error:
        raise WordsError(str(error)) from error
    finally:
        desk.close()


@contextmanager
def standing(options: argparse.Namespace) -> Iterator[tuple[Desk, Library]]:
    """Open what stands in the studio, or on the demo's desk where nobody works in the studio.

    Raises:
        WordsError: when nothing stands in either.
    """
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.demo_desk import demo_or_studio

    desk = demo_or_studio(DataFolder(options.data), database_url())
    with closing(desk), desk.library() as library:
        if not library.shelves:
            raise WordsError("there are no shelves in the studio yet; see 'bojagi import'")
        yield desk, library


def person_of(options: argparse.Namespace, desk: Desk) -> Person:
    """Return who acts.

    Raises:
        WordsError: when nobody is named.
        NotThereError: when there is no such person.
    """
    from bojagi.services.door import Door

    if not options.person:
        raise WordsError(f"--as NAME (or {PERSON}) says who does this")
    return Door(desk.database).person(options.person)


def ask_secret(what: str) -> str:
    """Ask for something without showing it.

    Raises:
        WordsError: when there is no terminal to ask.
    """
    if not sys.stdin.isatty():
        raise WordsError(f"no terminal to ask for {what}")
    return getpass.getpass(f"{what[0].upper()}{what[1:]}: ").strip()


def agrees(question: str) -> bool:
    """Ask a question that only the word `yes` answers with yes.

    Raises:
        WordsError: when there is no terminal to ask.
    """
    if not sys.stdin.isatty():
        raise WordsError("no terminal to ask; --yes records it without asking")
    return input(f"{question} Type 'yes': ").strip().lower() == "yes"
