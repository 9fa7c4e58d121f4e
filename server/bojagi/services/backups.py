"""Backups: all that a studio holds in one file, taken while people write; and all of it back.

What always holds:

- A backup is of one moment. What was acknowledged before it began is in it, what came later isn't,
  and nobody who writes waits for it. A release and a backup wait for each other, so that the
  database and the ledgers agree.
- Only a backup that was read through, and whose rows a database has taken on trial, is restored;
  and only to where nothing is. Until then nothing is written.
- A backup of what was restored is the same bytes, on SQLite and on PostgreSQL.

What isn't in it: private keys and the keys of sealed shelves, which have copies of their own; what
is built and served, which `bojagi publish` writes anew.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from sqlalchemy import DateTime, Integer, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.orm import Session

from bojagi.disk import sync_folder, write_whole
from bojagi.errors import BackupError, BojagiError, DatabaseUnusableError, DataFolderError
from bojagi.services.backup_file import BLOBS, LEDGER, TABLES, BackupFile, Writer, opened, seal
from bojagi.services.data_folder import DataFolder
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database
from bojagi.storage.migrating import is_known, upgrade

_BATCH: Final = 500
_TRIES: Final = 600
_BETWEEN: Final = 0.2
"""Seconds between two tries to hold the data folder: two minutes in all."""
_STAGE: Final = "restoring"
_INTEGERS: Final = 2**63


@dataclass(frozen=True)
class Held:
    """How much a backup holds."""

    rows: int
    blobs: int
    ledger_files: int

    def __str__(self) -> str:
        """Say it."""
        return f"{self.rows} rows, {self.blobs} blobs, {self.ledger_files} files of ledgers"


def back_up(
    database: Database,
    data: DataFolder,
    target: Path,
    wait: Callable[[float], None] = time.sleep,
) -> Held:
    """Write all that a studio holds into one file, beside and renamed.

    Args:
        database: of any version that this program knows.
        data: the data folder.
        target: the file; one that is there is replaced once the new one is whole.
        wait: waits a while for a release that is being made.

    Raises:
        BackupError: when the file can't be written, or would be where pages are served.
        DatabaseUnusableError: when a newer program wrote it, or a blob is gone.
        DataFolderError: when a release holds the data folder for longer than two minutes.
    """
    _refuse_served(target, data)
    beside = target.with_name(f".part-{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w+b") as file:
                with ZipFile(file, "w") as archive:
                    held = _write(database, data, Writer(archive), wait)
                seal(file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        raise BackupError(f"{target} can't be written: {error.strerror}") from error
    return held


@contextmanager
def read_backup(path: Path) -> Iterator[BackupFile]:
    """Read a backup through, and try on a database of its own whether its rows can be taken.

    Raises:
        BackupError: saying what is wrong with it; nothing was written anywhere.
    """
    with opened(path) as backup:
        if not is_known(backup.version):
            raise BackupError(
                f"it is of a database of version {backup.version}, which a newer program wrote; "
                "use that one"
            )
        with tempfile.TemporaryDirectory(prefix="bojagi-") as name:
            trial = Database.in_folder(Path(name))
            try:
                upgrade(trial, backup.version)
                with trial.transaction() as session:
                    _fill(session, backup)
                    _refuse_missing(session, backup)
            except BackupError:
                raise
            except BojagiError as error:
                raise BackupError(f"its rows don't fit together: {error}") from error
            finally:
                trial.close()
        yield backup


def restore(backup: BackupFile, database: Database, data: DataFolder) -> Held:
    """Bring everything back, as it was.

    Args:
        backup: one that `read_backup` read.
        database: an empty one.
        data: a data folder in which nothing is.

    Raises:
        BackupError: when something is there already. Then nothing is written.
    """
    stage, folders = data.path / _STAGE, (BLOBS, LEDGER)
    with data.locked():
        _refuse_used(database, data)
        for folder in (_STAGE, *folders):  # of a restore that was cut short
            shutil.rmtree(data.path / folder, ignore_errors=True)
        try:
            _stage(backup, stage)
            upgrade(database, backup.version)
            with database.transaction() as session:
                rows = _fill(session, backup)
                for folder in folders:
                    if (stage / folder).is_dir():
                        (stage / folder).replace(data.path / folder)
                sync_folder(data.path)
        except BaseException:
            for folder in (_STAGE, *folders):
                shutil.rmtree(data.path / folder, ignore_errors=True)
            raise
        shutil.rmtree(stage, ignore_errors=True)
    upgrade(database)
    return Held(rows, len(backup.below(BLOBS)), len(backup.below(LEDGER)))


def _write(
    database: Database, data: DataFolder, writer: Writer, wait: Callable[[float], None]
) -> Held:
    with database.reading() as session:
        with _held(data, wait):
            # The first thing that is read fixes the moment of all that is read after it.
            version = _version(session)
            files = _add_ledgers(data, writer)
        rows = sum(_add_table(session, table, writer) for table in _tables(session))
        # A blob is on the disk before a transaction names it, so all of that moment are there.
        kept = Blobs(data.path / "blobs")
        digests = sorted({*_named(session), *kept.digests()})
        for digest in digests:
            writer.add(f"{BLOBS}/{digest}", [kept.read(digest)])
    writer.finish(version)
    return Held(rows, len(digests), files)


@contextmanager
def _held(data: DataFolder, wait: Callable[[float], None]) -> Iterator[None]:
    """Hold the data folder, waiting for whoever holds it."""
    with ExitStack() as stack:
        for left in reversed(range(_TRIES)):
            try:
                stack.enter_context(data.locked())
                break
            except DataFolderError:
                if not left:
                    raise
                wait(_BETWEEN)
        yield


def _add_ledgers(data: DataFolder, writer: Writer) -> int:
    count = 0
    for path in sorted(data.ledger.rglob("*")):
        name = path.relative_to(data.ledger)
        is_hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not path.is_symlink() and not is_hidden:
            writer.add(f"{LEDGER}/{name.as_posix()}", [path.read_bytes()])
            count += 1
    return count


def _add_table(session: Session, table: Table, writer: Writer) -> int:
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        query = select(table).order_by(*table.primary_key.columns)
        found = session.execute(query, execution_options={"yield_per": _BATCH})
        for row in found.mappings():
            count += 1
            fields = {name: _plain(value) for name, value in row.items()}
            yield json.dumps(fields, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    writer.add(f"{TABLES}/{table.name}.jsonl", lines())
    return count


def _plain(value: object) -> object:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _version(session: Session) -> str:
    """Return the version of a database that this program knows."""
    names = inspect(session.connection()).get_table_names()
    query = text("SELECT version_num FROM alembic_version")
    version = session.scalar(query) if "alembic_version" in names else None
    if version is None:
        raise DatabaseUnusableError("there is nothing in the database yet: 'bojagi db upgrade'")
    if not is_known(str(version)):
        raise DatabaseUnusableError(
            f"the database is at version {version}, which a newer program wrote; use that one"
        )
    return str(version)


def _named(session: Session) -> Iterable[str]:
    """Return the digests of all bytes that must be there."""
    query = "SELECT digest FROM revisions WHERE digest IS NOT NULL UNION SELECT digest FROM {}"
    return session.scalars(text(query.format("editions"))).all()


def _fill(session: Session, backup: BackupFile) -> int:
    """Put a backup's rows into the empty tables of its version; return how many there were."""
    ours = _tables(session)
    names = {f"{TABLES}/{table.name}.jsonl" for table in ours}
    if names != {*backup.below(TABLES)}:
        raise BackupError(f"it hasn't just the tables of version {backup.version}")
    return sum(_fill_table(session, table, backup) for table in ours)


def _tables(session: Session) -> list[Table]:
    """Return the tables that are there, whatever their version, those that others name first."""
    found = MetaData()
    found.reflect(session.connection())
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _fill_table(session: Session, table: Table, backup: BackupFile) -> int:
    count, batch = 0, list[dict[str, Any]]()
    for row in backup.rows(table.name):
        batch.append(_typed(session, table, row))
        count += 1
        if len(batch) == _BATCH:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)
    if count and session.get_bind().dialect.name == "postgresql" and "id" in table.columns:
        following = func.pg_get_serial_sequence(table.name, "id")
        session.execute(
            select(func.setval(following, select(func.max(table.c.id)).scalar_subquery()))
        )
    return count


def _typed(session: Session, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with moments as moments; refuse one that is no row of the table."""
    if row.keys() != {column.name for column in table.columns}:
        raise BackupError(f"a row of {table.name} hasn't just its columns")
    for column in table.columns:
        value = row[column.name]
        if isinstance(column.type, DateTime):
            row[column.name] = _moment(value, f"{table.name}.{column.name}", session)
            continue
        kind = int if isinstance(column.type, Integer) else str
        is_right = value is None or type(value) is kind
        if not is_right or (isinstance(value, int) and abs(value) >= _INTEGERS):
            raise BackupError(f"{table.name}.{column.name} holds a value of another kind")
    return row


def _moment(value: object, name: str, session: Session) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BackupError(f"{name} holds {value!r}, which is no moment") from error
    return moment.replace(tzinfo=None) if session.get_bind().dialect.name == "sqlite" else moment


def _refuse_missing(session: Session, backup: BackupFile) -> None:
    missing = {f"{BLOBS}/{digest}" for digest in _named(session)} - {*backup.below(BLOBS)}
    if missing:
        raise BackupError(f"it lacks {min(missing)}")


def _refuse_served(target: Path, data: DataFolder) -> None:
    if target.resolve().is_relative_to(data.shelves.resolve()):
        raise BackupError(f"{target} is where pages are served; a backup holds what nobody may see")
    for folder in (data.ledger, data.path / BLOBS):
        if target.resolve().is_relative_to(folder.resolve()):
            raise BackupError(f"{target} is among what is backed up; choose another place")


def _refuse_used(database: Database, data: DataFolder) -> None:
    """Refuse a place where something is, other than what a restore that was cut short left."""
    with database.reading() as session:
        for table in _tables(session):
            if session.execute(select(table).limit(1)).first() is not None:
                raise BackupError("the database isn't empty; restore into a new one")
    was_cut_short = (data.path / _STAGE).exists()
    for folder in (data.shelves, *(() if was_cut_short else (data.ledger, data.path / BLOBS))):
        if folder.is_dir() and any(folder.iterdir()):
            raise BackupError(f"{folder} isn't empty; restore into a new data folder")


def _stage(backup: BackupFile, stage: Path) -> None:
    """Write blobs and ledgers where they are whole before anything counts."""
    stage.mkdir()
    for name in (*backup.below(BLOBS), *backup.below(LEDGER)):
        folder, _, rest = name.partition("/")
        place = Blobs(stage / folder).path(rest) if folder == BLOBS else stage / name
        write_whole(place, backup.read(name))
