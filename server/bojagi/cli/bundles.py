"""`bojagi bundle`: editions of one shelf with their signatures, as one file."""

from __future__ import annotations

import argparse
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from bojagi.cli.acting import standing
from bojagi.cli.options import (
    WordsError,
    data_options,
    key_options,
    keyring,
    locale_options,
    memory_options,
    now,
    passphrase,
    read_file,
    shelf_of,
    words_of,
    write_file,
)
from bojagi.cli.verifying import make_verifier, run_verify
from bojagi.domain.identifiers import LocaleCode

if TYPE_CHECKING:
    from bojagi.cli.options import Commands
    from bojagi.domain.shelf import Shelf


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    bundle = commands.add_parser("bundle", help="editions with their signatures, as one file")
    verbs = bundle.add_subparsers(required=True, metavar="verb")

    make = verbs.add_parser(
        "make",
        parents=[data_options(), key_options()],
        help="write a bundle; sealed from 'sensitive' up",
    )
    make.add_argument("shelf", metavar="SHELF")
    make.add_argument("--out", type=Path, required=True, metavar="FILE")
    make.add_argument("--only-locale", action="append", default=[], metavar="LOCALE")
    make.add_argument("--edition", action="append", default=[], type=int, metavar="NUMBER")
    make.add_argument(
        "--with-passphrase", action="store_true", help="seal it under a passphrase of its own"
    )
    make.set_defaults(run=_make)

    reading = [memory_options(), key_options(), locale_options()]
    show = verbs.add_parser("show", parents=reading, help="say what a bundle holds")
    show.add_argument("what", type=Path, metavar="FILE")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)

    verify = verbs.add_parser("verify", parents=reading, help="the same as 'bojagi verify FILE'")
    verify.add_argument("what", metavar="FILE")
    verify.add_argument("--pin", type=Path, metavar="ROOT")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)


def _make(options: argparse.Namespace) -> int:
    from bojagi.services.bundling import make_shelf_bundle
    from bojagi.services.keyring import Keyring
    from bojagi.services.studio import Studio
    from bojagi.trust.sealing import SALT_BYTES

    ring: Keyring = keyring(options)
    with standing(options) as (desk, library):
        shelf = shelf_of(library, options.shelf)
        studio = Studio(
            library,
            desk.data,
            ring,
            lambda what: passphrase(options, what),
            now(),
            desk.counting_approvals,
        )
    own = passphrase(options, "the bundle", twice=True) if options.with_passphrase else None
    made = make_shelf_bundle(
        shelf,
        studio.ledger(shelf),
        places=_places(shelf, options.only_locale),
        numbers=frozenset(options.edition),
        key=None if own is not None else studio.shelf_key(shelf),
        passphrase=own,
        salt=secrets.token_bytes(SALT_BYTES),
    )
    write_file(options.out, made)
    if own is not None and shelf.sealed:
        print("Its texts are sealed under the shelf's key as well: whoever gets it needs both.")
    print(f"{options.out}: {len(made)} bytes")
    return 0


def _places(shelf: Shelf, locales: list[str]) -> frozenset[int]:
    for locale in locales:
        if locale not in shelf.locales:
            raise WordsError(f"shelf {shelf.code} has no locale {locale!r}")
    return frozenset(shelf.locales.index(LocaleCode(locale)) for locale in locales)


def _show(options: argparse.Namespace) -> int:
    from bojagi.services.bundling import bundle_as_json, bundle_lines, read_shelf_bundle
    from bojagi.trust.pins import Pins

    verifier = make_verifier(options, Pins(options.memory))
    held = read_shelf_bundle(read_file(options.what, "a bundle"), verifier)
    if options.json:
        print(json.dumps(bundle_as_json(held), ensure_ascii=False, indent=1))
        return 0
    for line in bundle_lines(held, words_of(options.locale)):
        print(line)
    return 0
