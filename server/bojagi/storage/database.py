"""The database: SQLite in a file, or PostgreSQL by its URL; one transaction for each verb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.orm import Session

from bojagi.errors import (
    BojagiError,
    ConflictError,
    DatabaseUnusableError,
    InvalidValueError,
)
from bojagi.storage.content import FOR_EVER, OWN_TEXT

WAIT_SECONDS: Final = 30
"""How long a writer waits for another."""
_MESSAGES: Final = (OWN_TEXT, FOR_EVER)


class Database:
    """Where the studio remembers.

    Args:
        url: `sqlite:///path` or `postgresql://…`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    @classmethod
    def in_folder(cls, folder: Path, url: str = "") -> Database:
        """Return the database of a data folder, or another one by its URL."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(url or f"sqlite:///{folder / 'studio.sqlite3'}")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Run a block as one transaction: everything it did counts, or nothing.

        Raises:
            ConflictError: when the database refuses what the block wrote.
            DatabaseUnusableError: when it can't be reached, is locked, or is of another version.
        """
        with (
            our_errors(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Run a block that reads one state of everything, whatever others write meanwhile."""
        with our_errors(), Session(self.engine, expire_on_commit=False) as session:
            connection = session.connection(
                execution_options={"bojagi_reading": True}
                | ({"isolation_level": "REPEATABLE READ"} if self.is_postgres else {})
            )
            del connection
            yield session
            session.expunge_all()  # what was read stays readable: a roll-back would forget it
            session.rollback()

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        if not url.startswith("sqlite"):
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    except Exception as error:
        raise DatabaseUnusableError(f"{_without_secret(url)} is no database: {error}") from error

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None  # we begin transactions ourselves, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401
        # A writer waits at its beginning, never in its middle, where SQLite would refuse it.
        reading = connection.get_execution_options().get("bojagi_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn the database's own errors into ours, at this one seam.

    Raises:
        ConflictError: when the database refuses what was written.
        DatabaseUnusableError: when it can't be reached or used.
        InvalidValueError: when it can't hold a value: a NUL, half a character, too many words.
    """
    try:
        yield
    except BojagiError:
        raise
    except IntegrityError as error:
        raise ConflictError(_said(error)) from error
    except (DataError, UnicodeEncodeError) as error:
        said = str(error).splitlines()[0]
        raise InvalidValueError("value", said, "what the database can hold") from error
    except NoneFreeError as error:
        raise DatabaseUnusableError("too many at once; try again in a minute") from error
    except OperationalError as error:
        raise DatabaseUnusableError(f"the database can't be used: {error.orig}") from error
    except DatabaseError as error:
        if any(message in str(error.orig) for message in _MESSAGES):
            raise ConflictError(_said(error)) from error
        raise DatabaseUnusableError(f"the database refuses: {error.orig}") from error


def _said(error: DatabaseError) -> str:
    told = str(error.orig)
    return next((message for message in _MESSAGES if message in told), f"refused: {told}")


def _without_secret(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def is_reachable(database: Database) -> bool:
    """Whether the database answers."""
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    except DatabaseUnusableError:
        return False
    return True
