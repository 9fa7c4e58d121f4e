"""The server is seized: nothing it wrote tells of anybody who asked.

Every request carries marks that stand nowhere else; then every file the server could write, and
both its streams, are searched for them and for the address each request came from.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from tests.stories.running import HOST, running_server
from tests.stories.trees import files_of, shelf_codes
from tests.stories.wire import exchange
from whitenoise.responders import Response

from bojagi.web.guard import Guard

MARK: Final = "kkachi"
"""What every canary begins with: a bird that tells."""

HEADERS: Final = (
    "User-Agent",
    "Referer",
    "Cookie",
    "Authorization",
    "Proxy-Authorization",
    "X-Forwarded-For",
    "X-Real-IP",
    "Forwarded",
    "Via",
    "From",
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "Accept-Charset",
    "If-None-Match",
    "If-Modified-Since",
    "If-Range",
    "Range",
    "Origin",
    "X-Request-Id",
    "Sec-CH-UA",
    "Expect",
    "Upgrade",
    "Content-Type",
)


TELLING: Final = (
    "User-Agent",
    "Sec-CH-UA",
    "Sec-CH-UA-Platform",
    "Accept-Language",
    "Referer",
    "Origin",
    "From",
    "Cookie",
    "Authorization",
    "Proxy-Authorization",
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Request-Id",
)
"""Headers that tell of the asker's address, device, language, way or credentials."""


class Canaries:
    """Makes marks that stand nowhere else, and remembers them with what they were put in."""

    def __init__(self) -> None:
        self.sent: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        """Return a new mark for a place."""
        mark = f"{MARK}{len(self.sent):04d}x"
        self.sent[mark] = where
        return mark


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """Write a request."""
    head = "\r\n".join([line, "Host: here", *headers, "Connection: close", "", ""])
    return head.encode("latin-1") + body


def requests(canary: Canaries, broken: str) -> Iterator[bytes]:
    """Every kind of request, each with a mark of its own in every place a person could fill.

    Args:
        canary: makes the marks.
        broken: an address whose file was taken away, so that asking for it is an error.
    """
    for path in ("", "1/1", "out", "library/", "nothing/", broken):
        everything = [f"{name}: {canary(f'{name} of /{path}')}" for name in HEADERS]
        yield request(f"GET /{path} HTTP/1.1", *everything)
        yield request(f"GET /{path}?{canary('query')}={canary('value')} HTTP/1.1", *everything)
        yield request(f"HEAD /{path}?{canary('query of HEAD')} HTTP/1.1")
        yield request(f"GET /{path} HTTP/1.0", f"{canary('a header of its own')}: 1")
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            text = canary(f"body of {method}").encode()
            length = f"Content-Length: {len(text)}"
            yield request(f"{method} /{path}?{canary(method)} HTTP/1.1", length, body=text)
    for header in HEADERS:
        yield request(f"GET /{broken} HTTP/1.1", f"{header}: {canary(f'{header} of an error')}")
    yield request(f"GET /{canary('missing path')} HTTP/1.1")
    yield request(f"GET /{canary('missing path')}/..%2f%2e%2e/{canary('up')} HTTP/1.1")
    yield request(f"{canary('method').upper()} / HTTP/1.1")
    yield request(f"CONNECT {canary('host')}:443 HTTP/1.1")
    yield request(f"POST /{canary('too much')} HTTP/1.1", "Content-Length: 99999999", body=b"a")
    yield request(f"POST /{canary('no number')} HTTP/1.1", f"Content-Length: {canary('length')}")
    chunk = canary("chunk").encode()
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(chunk), chunk)
    yield request(f"POST /{canary('chunks')} HTTP/1.1", "Transfer-Encoding: chunked", body=chunked)
    yield request("GET / HTTP/1.1", f"Transfer-Encoding: {canary('transfer coding')}")
    yield from rubbish(canary)


def rubbish(canary: Canaries) -> Iterator[bytes]:
    """Requests that break the rules of HTTP, each with a mark."""
    yield f"{canary('no request at all')}\r\n\r\n".encode()
    yield f"GET /{canary('no version')}\r\n\r\n".encode()
    yield request(f"GET /{canary('version')} HTTP/9.9")
    yield request(f"GET /{canary('space in path')} and more HTTP/1.1")
    yield request(f"GET http://elsewhere/{canary('absolute form')} HTTP/1.1")
    yield request(f"GET http://{canary('host')}/ HTTP/1.1")
    yield request(f"GET /{canary('control')}%00%0d%0aX HTTP/1.1")
    yield request(f"GET /{canary('not UTF-8')}%ff%fe HTTP/1.1")
    yield request(f"GET /{canary('raw bytes')}\xff\xfe HTTP/1.1")
    yield request("GET / HTTP/1.1", f"{canary('header name')} : 1")
    yield request("GET / HTTP/1.1", canary("header without a colon"))
    yield request("GET / HTTP/1.1", f"X: {canary('folded')}", f" {canary('fold')}")
    yield request("GET / HTTP/1.1", f"X: {canary('zero byte')}\0")
    yield request("GET / HTTP/1.1", f"X: {canary('huge') * 200_000}")
    yield request("GET / HTTP/1.1", *(f"X-{canary('many')}: 1" for _ in range(300)))
    yield request(f"GET /{canary('long path') * 20_000} HTTP/1.1")
    yield request("GET / HTTP/1.1", f"Host: {canary('second host')}")
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + canary("TLS").encode() * 8
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + canary("HTTP/2").encode()
    yield request(f"GET /{canary('broken off')} HTTP/1.1")[:-2]


def written_files(*folders: Path) -> list[Path]:
    """Every file below some folders."""
    return [path for each in folders for path in sorted(each.rglob("*")) if path.is_file()]


def changed(before: dict[Path, bytes], *folders: Path) -> list[Path]:
    """Every file below some folders that isn't as it was before anybody asked."""
    return [path for path in written_files(*folders) if before.get(path) != path.read_bytes()]


def needles(text: str) -> list[bytes]:
    """The ways a text could have been written down."""
    middle = base64.b64encode(text.encode())[4:-4]
    return [text.encode("utf-8"), text.encode("utf-16-le"), text.encode()[::-1], middle]


def found_in(files: list[Path], texts: dict[str, str]) -> dict[str, str]:
    """Return the texts that stand in any of the files, with where; in small letters or capitals."""
    found: dict[str, str] = {}
    contents = {path: path.read_bytes().lower() for path in files}
    for text, where in texts.items():
        for needle in needles(text):
            for path, content in contents.items():
                if needle.lower() in content:
                    found[text] = f"{where} in {path.name}"
    return found


def ask_everything(port: int, canary: Canaries, broken: str) -> set[bytes]:
    """Send every request; remember where each came from; return the statuses."""
    statuses = set()
    for each in requests(canary, broken):
        came, own_port = exchange(port, each)
        canary.sent[f"{HOST}:{own_port}"] = "the asker's address"
        statuses.add(came[9:12])
    return statuses


@pytest.fixture
def own_data(published: Path, tmp_path: Path) -> Path:
    """A data folder that this test may break."""
    return Path(shutil.copytree(published, tmp_path / "data"))


def open_for_writing(process: int) -> set[Path]:
    """The regular files that a process and its children hold open for writing (Linux)."""
    found: set[Path] = set()
    waiting = [process]
    while waiting:
        proc = Path("/proc", str(waiting.pop()))
        for task in (proc / "task").iterdir():
            waiting += map(int, (task / "children").read_text("ascii").split())
        for handle in (proc / "fd").iterdir():
            with suppress(OSError):
                target = handle.readlink()
                flags = (proc / "fdinfo" / handle.name).read_text("ascii").split("flags:")[1]
                if target.is_file() and int(flags.split()[0], 8) & (os.O_WRONLY | os.O_RDWR):
                    found.add(target)
    return found


def test_nothing_the_server_wrote_tells_of_anybody_who_asked(
    own_data: Path, tmp_path: Path
) -> None:
    broken = "1/2"
    folder = tmp_path / "server"
    folder.mkdir()
    canary = Canaries()
    before = {path: path.read_bytes() for path in written_files(own_data)}
    with running_server(own_data, folder) as server:
        files_of(own_data, shelf_codes(own_data)[0])[broken].unlink()
        statuses = ask_everything(server.port, canary, broken)
        held = open_for_writing(server.process.pid) if sys.platform == "linux" else set()
        while_running = found_in(changed(before, folder, own_data), canary.sent)
    assert statuses >= {b"200", b"400", b"404", b"405", b"411", b"413", b"500"}
    assert len(canary.sent) > 500
    assert while_running == {}
    files = written_files(folder, own_data)
    assert {server.output, server.errors} <= set(files)
    assert held <= set(files), "every file it writes to is among those that are searched"
    assert found_in(changed(before, folder, own_data), canary.sent) == {}
    log = server.errors.read_text("utf-8") + server.output.read_text("utf-8")
    assert HOST not in log


def test_an_error_of_ours_is_logged_without_what_was_asked_for(
    own_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(own_data, folder) as server:
        files_of(own_data, shelf_codes(own_data)[0])["1/2"].unlink()
        came, _ = exchange(server.port, request("GET /1/2 HTTP/1.1"))
        again, _ = exchange(server.port, request("GET /1/3 HTTP/1.1"))
    assert came.startswith(b"HTTP/1.1 500 ")
    assert again.startswith(b"HTTP/1.1 200 "), "one error doesn't take the rest with it"
    # The server's own word on a worker that stops slowly is no line of ours.
    written = server.errors.read_text("utf-8").splitlines()
    lines = [line for line in written if not line.startswith("WARNING _granian: Killing")]
    assert len(lines) == 1
    assert "500" in lines[0]
    assert "FileNotFoundError" in lines[0]
    assert "bojagi.web.static" in lines[0]
    assert "1/2" not in lines[0]
    assert str(own_data) not in lines[0]


@contextmanager
def leaky_server(log: TextIOWrapper) -> Iterator[int]:
    """Serve the way many do: a line for each request, with who asked for what, and how."""

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Stay quiet."""

    class Handler(WSGIRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as inherited
            log.write(f"{self.client_address} {format % arguments}\n")

    def leaky(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        sender = f"{environ['REMOTE_ADDR']}:{environ.get('REMOTE_PORT', '')}"
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), 99))
        log.write(f"{sender} {environ!r} {body!r}\n")
        log.flush()
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with Server((HOST, 0), Handler) as server:
        server.set_app(leaky)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_the_same_search_finds_the_marks_in_a_log_like_many_servers_keep(tmp_path: Path) -> None:
    canary = Canaries()
    folder = tmp_path / "leaky"
    folder.mkdir()
    with (folder / "access.log").open("w", encoding="utf-8") as log, leaky_server(log) as port:
        for name in HEADERS:
            asked = request(f"GET /{canary('path')}?{canary('query')} HTTP/1.1")
            exchange(port, asked.replace(b"Host", f"{name}: {canary(name)}\r\nHost".encode()))
        text = canary("body").encode()
        length = f"Content-Length: {len(text)}"
        exchange(port, request(f"{canary('method')} / HTTP/1.1", length, body=text))
        exchange(port, f"{canary('no request at all')}\r\n\r\n".encode())
    found = found_in(written_files(folder), canary.sent)
    assert canary.sent.keys() - found.keys() == set()


def test_a_mark_is_found_however_it_was_written_down(tmp_path: Path) -> None:
    canary = Canaries()
    for number, text in enumerate(needles(canary("a way of writing"))):
        file = tmp_path / str(number)
        file.write_bytes(b"before " + text.upper() + b" after")
        assert found_in([file], canary.sent).keys() == canary.sent.keys()


def test_nothing_behind_the_guard_ever_sees_who_asked() -> None:
    seen: list[str] = []

    def curious(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.extend(f"{key}={value}" for key, value in environ.items() if MARK in str(value))
        start_response("200 OK", [])
        return []

    def never(_: str, status: object) -> Response:
        raise AssertionError(status)

    environ: WSGIEnvironment = {f"HTTP_{name.upper().replace('-', '_')}": MARK for name in TELLING}
    environ |= dict.fromkeys(("REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT"), MARK)
    environ |= {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    Guard(curious, never)(environ, lambda *_: lambda _: None)
    assert seen == []
