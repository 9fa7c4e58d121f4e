"""Bringing a database to the version of this program, with all that is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from bojagi.errors import DatabaseUnusableError
from bojagi.storage.database import Database, our_errors

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME: Final = 0x626F6A61
"""The lock that two programs which start at once take in turn; the number says nothing."""


def upgrade(database: Database, to: str = "head") -> None:
    """Bring a database to a version; a new one gets all its tables.

    One that is there already is only read, so that who opens it waits for nobody who writes.

    Raises:
        DatabaseUnusableError: when a newer program wrote it.
    """
    if version_of(database) == (newest() if to == "head" else to):
        return
    with our_errors(), database.engine.connect() as connection:
        if database.is_postgres:  # SQLite lets one in at a time by itself
            connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        _refuse_newer(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def version_of(database: Database) -> str | None:
    """Return the version a database is at; None for an empty one."""
    with our_errors(), database.engine.connect() as connection:
        connection.execution_options(bojagi_reading=True)
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Return the version this program works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(version: str) -> bool:
    """Whether this program can bring a database of a version to its own."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return version in {script.revision for script in scripts}


def _refuse_newer(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and not is_known(found):
        raise DatabaseUnusableError(
            f"the database is at version {found}, which a newer program wrote; use that one"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
