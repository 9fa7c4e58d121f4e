"""A tap between a client and a server on loopback: every byte counted, none changed."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread, current_thread
from typing import Final

from tests.benchmarks.servers import HOST

_CHUNK: Final = 65536
_LAST_SECONDS: Final = 0.3
"""How long it is waited for the rest of an answer when its client has gone."""


class Tap(ThreadingTCPServer):
    """Stands before a server and counts.

    Attributes:
        pipes: one for each connection, ended or not.
        asked: every byte that clients sent.
        answered: how many bytes came back, heads and framing included.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, behind: int) -> None:
        super().__init__((HOST, 0), _Pipe)
        self.behind = behind
        self.pipes: list[Thread] = []
        self.asked = b""
        self.answered = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.server_address[1]
        return port

    @property
    def connections(self) -> int:
        """How many connections were made."""
        return len(self.pipes)

    @property
    def requests(self) -> int:
        """How many requests were made; all of them are without a body."""
        return self.asked.count(b" HTTP/1.1\r\n")


class _Pipe(BaseRequestHandler):
    server: Tap
    request: socket.socket

    def handle(self) -> None:
        """Hand everything on until one side ends."""
        self.server.pipes.append(current_thread())
        with (
            socket.create_connection((HOST, self.server.behind)) as far,
            selectors.DefaultSelector() as selector,
        ):
            selector.register(self.request, selectors.EVENT_READ, far)
            selector.register(far, selectors.EVENT_READ, self.request)
            with suppress(OSError):
                while all(self._hand_on(key, far) for key, _ in selector.select()):
                    pass
            self._drain(far)

    def _hand_on(self, key: selectors.SelectorKey, far: socket.socket) -> bool:
        """Hand one piece on; false when its side has ended."""
        is_answer = key.fileobj is far
        data = (far if is_answer else self.request).recv(_CHUNK)
        if is_answer:
            self.server.answered += len(data)
        else:
            self.server.asked += data
        key.data.sendall(data)
        return bool(data)

    def _drain(self, far: socket.socket) -> None:
        """Count what is still on its way to a client that has gone: a slow link carries it too."""
        far.settimeout(_LAST_SECONDS)
        with suppress(OSError):
            while data := far.recv(_CHUNK):
                self.server.answered += len(data)


@contextmanager
def tapped(port: int) -> Iterator[Tap]:
    """Count what goes to a port of loopback and what comes back; all of it, once this ends."""
    with Tap(port) as tap:
        thread = Thread(target=tap.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield tap
        finally:
            tap.shutdown()
            thread.join()
            for pipe in tap.pipes:
                pipe.join(2 * _LAST_SECONDS)
