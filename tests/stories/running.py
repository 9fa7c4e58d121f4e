"""The real server in a process of its own, with everything it can write in one folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import bojagi

HOST: Final = "127.0.0.1"
STARTED_WITHIN_SECONDS: Final = 30.0
ENDED_WITHIN_SECONDS: Final = 8.0

_SERVE: Final = """
import sys
from pathlib import Path
from bojagi.settings import Settings
from bojagi.web.server import serve
if __name__ == "__main__":
    serve(Settings(Path(sys.argv[1]), shelf=sys.argv[3]), "127.0.0.1", int(sys.argv[2]))
"""


@dataclass(frozen=True)
class RunningServer:
    """A server that answers.

    Attributes:
        data: the data folder whose trees it serves.
        folder: everything else it can write: its working, home and temporary folders, its streams.
    """

    port: int
    data: Path
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        """Its address without a path."""
        return f"http://{HOST}:{self.port}"

    @property
    def output(self) -> Path:
        """What it wrote to its standard output."""
        return self.folder / "stdout"

    @property
    def errors(self) -> Path:
        """What it wrote to its standard error."""
        return self.folder / "stderr"


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        number: int = probe.getsockname()[1]
        return number


def program_environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a program of ours that may write only below a folder."""
    for name in ("home", "tmp", "cwd"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(Path(bojagi.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",
        **more,
    }


@contextmanager
def running_server(data: Path, folder: Path, shelf: str = "") -> Iterator[RunningServer]:
    """Run the server on a data folder until the block ends."""
    environment = program_environment(folder)
    port = free_port()
    with (
        (folder / "stdout").open("wb") as output,
        (folder / "stderr").open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(data), str(port), shelf],
            cwd=folder / "cwd",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        ) as process,
    ):
        running = RunningServer(port, data, folder, process)
        try:
            _wait_until_it_answers(running)
            yield running
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(ENDED_WITHIN_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # a worker may have stayed behind


def _wait_until_it_answers(running: RunningServer) -> None:
    latest = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < latest and running.process.poll() is None:
        try:
            with closing(socket.create_connection((HOST, running.port), 1)) as connection:
                connection.sendall(b"GET /out HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if connection.recv(64).startswith(b"HTTP/1.1 "):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the server doesn't answer: {running.errors.read_text('utf-8')}")
