"""`bojagi keys`: signing keys, who may sign what, and the keys of sealed shelves."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bojagi.cli.acting import standing
from bojagi.cli.options import (
    WordsError,
    data_options,
    key_options,
    keyring,
    passphrase,
    read_file,
    shelf_of,
    write_file,
)

if TYPE_CHECKING:
    from bojagi.cli.options import Commands
    from bojagi.services.ledger import Ledger
    from bojagi.trust.shelf_key import ShelfKey

_ROLE = "root, targets, withdrawals, snapshot, timestamp, or publisher:NAME"


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    keys = commands.add_parser("keys", help="signing keys, and who may sign what")
    verbs = keys.add_subparsers(required=True, metavar="verb")
    own, shelf = [key_options()], [key_options(), data_options()]

    make = verbs.add_parser("make", parents=own, help="make a signing key under a passphrase")
    make.add_argument("name", metavar="NAME")
    make.set_defaults(run=_make)

    listing = verbs.add_parser("list", parents=own, help="list the keys of this folder")
    listing.set_defaults(run=_list)

    public = verbs.add_parser("public", parents=own, help="print a key's public side")
    public.add_argument("name", metavar="NAME")
    public.set_defaults(run=_public)

    plan = verbs.add_parser("plan", parents=shelf, help="say who may sign what for a shelf")
    plan.add_argument("shelf", metavar="SHELF")
    plan.set_defaults(run=_plan)

    add = verbs.add_parser("add", parents=shelf, help="let a key sign for a role of a shelf")
    add.add_argument("shelf", metavar="SHELF")
    add.add_argument("role", metavar="ROLE", help=_ROLE)
    add.add_argument("file", type=Path, metavar="FILE", help="what 'keys public' printed")
    add.add_argument("--threshold", type=int, help="how many keys of the role must sign")
    add.set_defaults(run=_add)

    rotate = verbs.add_parser("rotate", parents=shelf, help="put a key in the place of another")
    rotate.add_argument("shelf", metavar="SHELF")
    rotate.add_argument("role", metavar="ROLE", help=_ROLE)
    rotate.add_argument("old", metavar="FINGERPRINT", help="of the key that goes")
    rotate.add_argument("file", type=Path, metavar="FILE", help="of the key that comes")
    rotate.set_defaults(run=_rotate)

    revoke = verbs.add_parser("revoke", parents=shelf, help="take a key from a role of a shelf")
    revoke.add_argument("shelf", metavar="SHELF")
    revoke.add_argument("role", metavar="ROLE", help=_ROLE)
    revoke.add_argument("old", metavar="FINGERPRINT")
    revoke.add_argument("--threshold", type=int, help="how many keys of the role must sign")
    revoke.set_defaults(run=_revoke)

    seal = verbs.add_parser("shelf", parents=shelf, help="the key of a sealed shelf")
    seal.add_argument("shelf", metavar="SHELF")
    what = seal.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", action="store_true", help="make one; refuses where there is one")
    what.add_argument("--rotate", action="store_true", help="make a new one in its place")
    what.add_argument("--words", action="store_true", help="show it as words, to be read aloud")
    what.add_argument("--qr", action="store_true", help="show it as a QR code")
    what.add_argument("--take", action="store_true", help="type in the words of one you were given")
    seal.add_argument("--language", choices=["ko", "en"], default="ko", help="of the words")
    seal.add_argument("--out", type=Path, metavar="FILE", help="write the QR code as a PNG")
    seal.set_defaults(run=_shelf)


def _make(options: argparse.Namespace) -> int:
    from bojagi.trust.keys import fingerprint

    ring = keyring(options)
    key = ring.make(options.name, passphrase(options, options.name, twice=True))
    print(f"{options.name}: {fingerprint(key.keyid)}")
    print(f"its public side, for others: {ring.folder / options.name}.pub")
    return 0


def _list(options: argparse.Namespace) -> int:
    from bojagi.trust.keys import fingerprint

    ring = keyring(options)
    for name in ring.names():
        print(f"{fingerprint(ring.public(name).keyid)}  {name}")
    return 0


def _public(options: argparse.Namespace) -> int:
    from bojagi.trust.keys import public_text

    print(public_text(keyring(options).public(options.name)), end="")
    return 0


def _ledger(options: argparse.Namespace) -> Ledger:
    from bojagi.services.ledger import Ledger

    with standing(options) as (desk, library):
        return Ledger(desk.data.ledger / shelf_of(library, options.shelf).code)


def _plan(options: argparse.Namespace) -> int:
    from bojagi.services.planning import plan_lines

    for line in plan_lines(_ledger(options).draft):
        print(line)
    return 0


def _add(options: argparse.Namespace) -> int:
    from bojagi.services.planning import add_key

    ledger = _ledger(options)
    text = read_file(options.file, "a public key").decode("utf-8", "replace")
    _say(add_key(ledger, options.role, text, options.threshold), options.shelf)
    return 0


def _rotate(options: argparse.Namespace) -> int:
    from bojagi.services.planning import rotate_key

    ledger = _ledger(options)
    text = read_file(options.file, "a public key").decode("utf-8", "replace")
    _say(rotate_key(ledger, options.role, options.old, text), options.shelf)
    return 0


def _revoke(options: argparse.Namespace) -> int:
    from bojagi.services.planning import revoke_key

    ledger = _ledger(options)
    _say(revoke_key(ledger, options.role, options.old, options.threshold), options.shelf)
    return 0


def _say(lines: list[str], shelf: str) -> None:
    for line in lines:
        print(line)
    print(f"It counts once it is signed: bojagi release prepare {shelf}")


def _shelf(options: argparse.Namespace) -> int:
    from bojagi.services.keyring import Keyring

    ring: Keyring = keyring(options)
    what = f"the key of shelf {options.shelf}"
    if options.take:
        key = _given_key()
        print(f"It calls itself key {key.name}. Does whoever gave it to you say the same?")
        ring.keep_shelf_key(options.shelf, key, passphrase(options, what, twice=True))
        print(f"shelf {options.shelf}: key {key.name}")
        return 0
    with standing(options) as (_, library):
        shelf = shelf_of(library, options.shelf)
    if not shelf.sealed:
        raise WordsError(f"shelf {shelf.code} is open; only sealed shelves have a key")
    if options.make or options.rotate:
        if options.make and ring.has_shelf_key(shelf.code):
            raise WordsError(f"there is a key of shelf {shelf.code}; --rotate makes a new one")
        key = ring.make_shelf_key(shelf.code, passphrase(options, what, twice=True))
        print(f"shelf {shelf.code}: key {key.name}")
        if options.rotate:
            print(
                "Give it to every support worker in person. What was published before stays "
                "readable to whoever has the old one; the next release is sealed under the new."
            )
        return 0
    key = ring.shelf_key(shelf.code, passphrase(options, what))
    if options.words:
        print(key.words(options.language))
    elif options.out:
        write_file(options.out, key.qr_picture())
    else:
        print(key.qr_lines(), end="")
    print(
        "Whoever has this reads everything on the shelf. Give it in person, never by a messenger.",
        file=sys.stderr,
    )
    return 0


def _given_key() -> ShelfKey:
    """Read a key that somebody gave: its twelve words, or the text of its QR code."""
    from bojagi.trust.shelf_key import ShelfKey

    if sys.stdin.isatty():
        print("The twelve words, or the text of the QR code, in one line:", file=sys.stderr)
    line = sys.stdin.readline()
    return ShelfKey.from_text(line) if len(line.split()) == 1 else ShelfKey.from_words(line)
