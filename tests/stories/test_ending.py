"""Somebody ends the server in a hurry: it ends, and leaves no process behind that still listens."""

from __future__ import annotations

import signal
import socket
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.stories.running import HOST, running_server
from tests.stories.wire import Asker

AT_ONCE_SECONDS = 6.0
AFTER_SECONDS = (0.0, 0.05, 0.2)
"""A worker that is told to end while it begins may miss it, so once would prove little."""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_the_server_ends_when_it_is_told_to_however_soon(
    published: Path, tmp_path: Path, told: signal.Signals
) -> None:
    for after in AFTER_SECONDS:
        folder = tmp_path / str(after)
        folder.mkdir()
        with running_server(published, folder) as server, closing(Asker(server.port)) as asker:
            assert asker.ask("/").status == 200
            time.sleep(after)
            began = time.monotonic()
            server.process.send_signal(told)
            server.process.wait(AT_ONCE_SECONDS)
            assert time.monotonic() - began < AT_ONCE_SECONDS
            with closing(socket.socket()) as probe:
                assert probe.connect_ex((HOST, server.port)) != 0, "nobody listens any more"
