"""`bojagi db`: the studio's database: its version, backups, what it forgets.

For who keeps the studio's host; nobody else has its shell, and none of this changes a word.
"""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bojagi.cli.options import BLOCKED, WordsError, data_options, database_url, now
from bojagi.errors import InvalidValueError

if TYPE_CHECKING:
    from bojagi.cli.options import Commands
    from bojagi.storage.database import Database


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    database = commands.add_parser("db", help="the studio's database: version, backups, retention")
    verbs = database.add_subparsers(required=True, metavar="verb")
    shared = [data_options()]

    upgrade = verbs.add_parser(
        "upgrade", parents=shared, help="bring the database to this program's version"
    )
    upgrade.set_defaults(run=_upgrade)

    status = verbs.add_parser(
        "status", parents=shared, help="say how it stands; 1 when something is to be done"
    )
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=_status)

    backup = verbs.add_parser(
        "backup", parents=shared, help="write all of it into one file, while people write"
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(run=_backup)

    restore = verbs.add_parser(
        "restore",
        parents=shared,
        help="bring a backup back, into an empty database and data folder alone",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.set_defaults(run=_restore)

    retention = verbs.add_parser(
        "retention", parents=shared, help="forget what people did long ago, and what has ended"
    )
    retention.add_argument(
        "--days", type=int, metavar="N", help="how long it is kept; default 400 days"
    )
    retention.set_defaults(run=_retention)


def _upgrade(options: argparse.Namespace) -> int:
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.desk import Desk
    from bojagi.storage.migrating import version_of

    desk = Desk.open(DataFolder(options.data), database_url())
    print(f"the database is at version {version_of(desk.database)}")
    desk.close()
    return 0


def _status(options: argparse.Namespace) -> int:
    from bojagi.services.upkeep import status
    from bojagi.storage.blobs import Blobs

    database = _there(options)
    try:
        found = status(database, Blobs(options.data / "blobs"))
    finally:
        database.close()
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return 0 if found.is_sound else BLOCKED
    print(found.url)
    print(f"version {found.version or 'none'}; this program's: {found.newest}")
    for table, count in sorted(found.rows.items()):
        print(f"{count:>8}  {table}")
    for line in found.damaged:
        print(f"DAMAGED: {line}")
    if found.version != found.newest:
        print("bojagi db upgrade brings it to this program's version; make a backup before")
    return 0 if found.is_sound else BLOCKED


def _there(options: argparse.Namespace) -> Database:
    """Open the database as it is, and make none."""
    from bojagi.storage.database import Database

    if not options.data.is_dir():
        raise WordsError(f"there is no data folder {options.data}")
    return Database.in_folder(options.data, database_url())


def _backup(options: argparse.Namespace) -> int:
    from bojagi.services.backups import back_up
    from bojagi.services.data_folder import DataFolder

    database = _there(options)
    try:
        held = back_up(database, DataFolder(options.data), options.file)
    finally:
        database.close()
    print(f"{options.file}: {held}")
    print("It holds every draft and every sealed text, readable: keep it where nobody else reads.")
    print("Private keys and the keys of sealed shelves aren't in it; they have their own copies.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from bojagi.services.backups import read_backup, restore
    from bojagi.services.data_folder import DataFolder
    from bojagi.storage.database import Database

    with read_backup(options.file) as backup:
        data = DataFolder(options.data)
        database = Database.in_folder(data.path, database_url())
        try:
            held = restore(backup, database, data)
        finally:
            database.close()
    print(f"{options.file}: {held} restored")
    print("Nothing is served yet: 'bojagi publish SHELF' writes what is signed of each shelf anew.")
    return 0


def _retention(options: argparse.Namespace) -> int:
    from bojagi.services.auditing import KEPT
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.desk import Desk
    from bojagi.services.upkeep import forget

    days = KEPT.days if options.days is None else options.days
    desk = Desk.open(DataFolder(options.data), database_url())
    try:
        gone = forget(desk.database, desk.blobs, now(), timedelta(days=days))
    except (InvalidValueError, OverflowError) as error:
        raise WordsError(f"--days: {days} is not a retention; expected 1 to 36500") from error
    finally:
        desk.close()
    print(f"{gone} forgotten: what is older than {days} days, and what has ended")
    return 0
