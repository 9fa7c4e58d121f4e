"""Bringing a database to the version of this program, with all that is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bojagi.errors import DatabaseUnusableError
from bojagi.storage.database import Database, our_errors

_SCRIPTS: Final = Path(__file__).parent / "migrations"


def upgrade(database: Database, to: str = "head") -> None:
    """Bring a database to a version; a new one gets all its tables.

    Raises:
        DatabaseUnusableError: when a newer program wrote it.
    """
    with our_errors(), database.engine.connect() as connection:
        _refuse_newer(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def version_of(database: Database) -> str | None:
    """Return the version a database is at; None for an empty one."""
    with our_errors(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Return the version this program works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _refuse_newer(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseUnusableError(
            f"the database is at version {found}, which a newer program wrote; use that one"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
