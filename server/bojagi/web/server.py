"""Running the application under granian, with logs that know no reader."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from bojagi.errors import ServeError

if TYPE_CHECKING:
    from bojagi.settings import Settings

WORKERS: Final = 2
THREADS: Final = 2
"""For each worker; answers are read whole and sent by the server, so more only wait in turn."""
KILL_SECONDS: Final = 3
BACKPRESSURE: Final = 128
"""Requests one worker holds at once; more wait in the system's queue."""

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "standard_error": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {
        "_granian": {"handlers": ["standard_error"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "bojagi": {"handlers": ["standard_error"], "level": "INFO", "propagate": False},
    },
}
"""No access log at all: a line for each request would be a list of readers."""


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `ServeError` when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeError(
                f"can't listen on {host} port {port}: {error.strerror}; choose another with --port"
            ) from error


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop."""
    if settings.surface.has_studio:
        from bojagi.services.data_folder import DataFolder
        from bojagi.services.desk import Desk

        # Once, before there are several: two that bring one database up to date trip each other.
        Desk.open(DataFolder(settings.data), settings.database).close()
    os.environ.update(settings.to_environment())
    Server(
        "bojagi.web.app:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=WORKERS,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        log_enabled=True,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        log_access=False,
        respawn_failed_workers=True,
        # A worker that is told to stop while it starts may not hear it.
        workers_kill_timeout=KILL_SECONDS,
    ).serve()
