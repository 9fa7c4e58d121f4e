"""`bojagi import` and `export`: between the content folders and the studio, byte for byte."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bojagi.cli.acting import open_desk, person_of, person_options
from bojagi.cli.options import BLOCKED, data_options, now, refuse_no_packs, root_options
from bojagi.errors import ConflictError

if TYPE_CHECKING:
    from bojagi.cli.options import Commands


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    shared = [root_options(), data_options(), person_options()]
    take = commands.add_parser(
        "import",
        parents=shared,
        help="take what changed in the content folders into the studio; 1 when both changed",
    )
    take.add_argument(
        "--revert",
        action="store_true",
        help="take away what the folders lack, and take back what they have as it was before",
    )
    take.set_defaults(run=_import)
    give = commands.add_parser(
        "export",
        parents=shared,
        help="write what changed in the studio into the content folders; 1 when both changed",
    )
    give.set_defaults(run=_export)


def _import(options: argparse.Namespace) -> int:
    refuse_no_packs(options.root)
    with open_desk(options) as desk:
        person = person_of(options, desk)
        try:
            done = desk.import_folders(person, options.root, now(), reverts=options.revert)
        except ConflictError as error:
            return _say_conflict(error)
    for mark, paths in (("taken", done.taken), ("gone", done.removed), ("newer here", done.newer)):
        for path in paths:
            print(f"{mark}: {path}")
    print(
        f"{len(done.taken)} taken, {len(done.removed)} gone, {len(done.newer)} newer here"
        + ("; 'bojagi export' writes those into the folders" if done.newer else "")
    )
    return 0


def _export(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person = person_of(options, desk)
        try:
            written = desk.export_folders(person, options.root)
        except ConflictError as error:
            return _say_conflict(error)
    for path in written:
        print(path if (options.root / path).exists() else f"gone: {path}")
    print(f"{len(written)} written")
    return 0


def _say_conflict(error: ConflictError) -> int:
    print(f"bojagi: {error}", file=sys.stderr)
    print("Nothing was changed. Bring the two together in the folders or here.", file=sys.stderr)
    return BLOCKED
