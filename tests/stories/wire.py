"""Requests as bytes on a connection, so that nothing is added, tidied up or left out."""

from __future__ import annotations

import gzip
import socket
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Final

import brotli
import zstandard
from tests.stories.running import HOST

TIMEOUT_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 1.0
"""After which a server that got rubbish is taken to have nothing to say."""

CODINGS: Final = ("identity", "br", "zstd", "gzip")


@dataclass(frozen=True)
class Answer:
    """What came back: header names in lower case, the body as it was sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the one value of a header, or nothing; two would be an error."""
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else ""

    @property
    def decoded(self) -> bytes:
        """The body without its content coding."""
        match self.header("content-encoding"):
            case "br":
                plain: bytes = brotli.decompress(self.body)
            case "zstd":
                plain = zstandard.ZstdDecompressor().decompress(self.body)
            case "gzip":
                plain = gzip.decompress(self.body)
            case _:
                plain = self.body
        return plain

    @property
    def text(self) -> str:
        """The body as a person would read it."""
        return self.decoded.decode("utf-8", "replace")


class Asker:
    """Asks one server over one connection that stays open."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Ask with just these headers; `accept_encoding` is written `Accept-Encoding`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body and "Content-Length" not in sent and "Transfer-Encoding" not in sent:
            sent["Content-Length"] = str(len(body))
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in sent.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(body or None)
        response = self.connection.getresponse()
        answer = _answer(response)
        if response.will_close or answer.status in {400, 411, 413}:
            self.connection.close()
        return answer

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def _answer(response: HTTPResponse) -> Answer:
    headers = tuple((name.lower(), value) for name, value in response.getheaders())
    return Answer(response.status, headers, response.read())


def exchange(port: int, request: bytes) -> tuple[bytes, int]:
    """Send bytes, read until the end; return what came and the port it was asked from."""
    came = bytearray()
    with closing(socket.create_connection((HOST, port), TIMEOUT_SECONDS)) as connection:
        own_port: int = connection.getsockname()[1]
        connection.settimeout(SILENCE_SECONDS)
        try:
            connection.sendall(request)
            while piece := connection.recv(65536):
                came += piece
        except (TimeoutError, ConnectionError):
            pass  # what a server does with rubbish is its own choice
    return bytes(came), own_port
