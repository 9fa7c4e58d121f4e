"""A real PostgreSQL of the tests' own: started when it is first needed, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

_NAMES: Final = count(1)
_TEMPLATE: Final = "bojagi_template"


def binaries() -> Path | None:
    """Return where PostgreSQL's programs are; None where it isn't installed."""
    found = shutil.which("postgres")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib").glob("postgresql/*/bin"), reverse=True)
    return next((each for each in places if (each / "initdb").exists()), None)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server on a socket in a folder of its own; yield the URL of its database `postgres`."""
    programs = binaries()
    assert programs, "PostgreSQL is missing; 'python3 run.py test' installs it, or see its advice"
    folder = Path(tempfile.mkdtemp(prefix="bojagi-pg-"))
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o700)

    def run(*command: str | Path) -> None:
        subprocess.run(
            [str(each) for each in command],
            user=user,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    data = folder / "data"
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    try:
        run(programs / "initdb", "-D", data, "-U", "bojagi", "-A", "trust", "-E", "UTF8")
        run(programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
        yield f"postgresql://bojagi@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, template: str = "template1") -> str:
    """Make an empty database on a server, or a copy of another, and return its URL."""
    name = f"bojagi_{os.getpid()}_{next(_NAMES)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
