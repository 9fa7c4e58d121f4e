"""`bojagi verify`: is it genuine, current, withdrawn, doctored?"""

from __future__ import annotations

import argparse
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import bojagi
from bojagi.cli.options import (
    BLOCKED,
    WordsError,
    key_options,
    keyring,
    locale_options,
    memory_options,
    now,
    passphrase,
    read_file,
    words_of,
)
from bojagi.domain.verdicts import Verdict, worst

if TYPE_CHECKING:
    from bojagi.cli.options import Commands
    from bojagi.services.verifying import Checked, Verifier
    from bojagi.trust.pins import Pins
    from bojagi.trust.shelf_key import ShelfKey


def add_to(commands: Commands) -> None:
    """Add the verb to the command line."""
    verify = commands.add_parser(
        "verify",
        parents=[memory_options(), key_options(), locale_options()],
        help="say whether a folder, a stick, a bundle, a file or a host is genuine and current",
    )
    verify.add_argument("what", nargs="?", metavar="FILE|DIRECTORY|URL")
    verify.add_argument(
        "--pin", type=Path, metavar="ROOT", help="a root.json that you were given in person"
    )
    verify.add_argument("--json", action="store_true", help="what is known, for a script")
    verify.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    """Verify, say it, and return 0 only when all is current."""
    from bojagi.services.verdict_words import pinned_words
    from bojagi.trust.pins import Pins

    pins = Pins(options.memory)
    words = words_of(options.locale)
    if options.pin:
        name = pins.add(read_file(options.pin, "a root"))
        if not options.json:
            print(pinned_words(name, words))
        if not options.what:
            return 0
    if not options.what:
        raise WordsError("verify what? expected a folder, a file or an address")
    if not list(pins.memories()):
        raise WordsError(
            "no root is pinned yet: bojagi verify --pin 1.root.json, from somebody you know"
        )
    verifier = make_verifier(options, pins)
    checked = verifier.verify(options.what)
    _say(checked, verifier, options)
    verdict = worst(each.report.verdict for each in checked)
    return 0 if verdict is Verdict.CURRENT and not verifier.locked else BLOCKED


def make_verifier(options: argparse.Namespace, pins: Pins) -> Verifier:
    """Return a verifier with this person's pins, memory and keys."""
    from bojagi.services.verifying import Keys, Verifier

    keys = Keys(cache(lambda: _shelf_keys(options)), lambda: passphrase(options, "this file"))
    return Verifier(pins, keys, now(), bojagi.BUILT)


def _shelf_keys(options: argparse.Namespace) -> tuple[ShelfKey, ...]:
    """Open the shelf keys of this folder; those of demo shelves are everybody's."""
    from bojagi.trust.demo import demo_shelf_keys

    ring = keyring(options)
    codes = sorted(path.stem for path in ring.folder.glob("*.shelf"))
    own = [ring.shelf_key(code, passphrase(options, f"the key of shelf {code}")) for code in codes]
    return (*own, *demo_shelf_keys())


def _say(checked: list[Checked], verifier: Verifier, options: argparse.Namespace) -> None:
    from bojagi.services.verdict_words import as_json, verdict_lines

    if options.json:
        print(json.dumps(as_json(checked, verifier), ensure_ascii=False, indent=1))
        return
    for line in verdict_lines(checked, verifier, words_of(options.locale)):
        print(line)
