"""Reading a repository from a folder or a host, and nothing else."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bojagi.domain.verdicts import TrustError
from bojagi.errors import InvalidValueError, UnreachableError
from bojagi.trust.sources import FolderSource, UrlSource

ASKED: list[dict[str, str]] = []
CONNECTIONS: set[object] = set()


class Host(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, body: bytes, coding: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if coding:
            self.send_header("Content-Encoding", coding)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        CONNECTIONS.add(self.client_address)
        ASKED.append({"path": self.path, **dict(self.headers.items())})
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/broken":
            self.send_error(500)
        elif self.path == "/endless":
            self.send(b"x" * 100_000)
        elif self.path == "/bomb":
            self.send(gzip.compress(bytes(50_000_000)), "gzip")
        elif self.path == "/packed":
            self.send(gzip.compress("추위".encode()), "gzip")
        elif self.path == "/spoilt":
            self.send(b"no gzip", "gzip")
        elif self.path == "/hangs-up":
            self.send(b"once")
            self.close_connection = True
        elif self.path.startswith("http://far.example/"):
            self.send(b"by a proxy")
        elif self.path == "/metadata/1.root.json":
            self.send(b"root")
        else:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[UrlSource]:
    ASKED.clear()
    CONNECTIONS.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with closing(UrlSource(f"http://127.0.0.1:{server.server_port}/")) as source:
        yield source
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_folder_gives_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "1.root.json").write_bytes(b"root")
    source = FolderSource(tmp_path)
    assert source.read("metadata/1.root.json", 10) == b"root"
    assert source.read("metadata/2.root.json", 10) is None
    assert source.read("metadata", 10) is None


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "metadata/../../secret", "link"])
def test_nothing_outside_a_folder_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(TrustError, match="leaves its folder"):
        FolderSource(folder).read(path, 100)


def test_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 11)
    with pytest.raises(TrustError, match="longer than the 10 bytes"):
        FolderSource(tmp_path).read("long", 10)


def test_a_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="can't be read"):
        FolderSource(tmp_path).read("a\0b", 10)


def test_a_host_gives_what_it_has_and_learns_nothing(host: UrlSource) -> None:
    assert host.read("metadata/1.root.json", 10) == b"root"
    assert host.read("metadata/2.root.json", 10) is None
    assert all("User-Agent" not in asked for asked in ASKED)
    assert all("Referer" not in asked for asked in ASKED)
    assert {frozenset(asked) for asked in ASKED} == {frozenset({"path", "Host", "Accept-Encoding"})}


def test_a_host_that_sends_us_elsewhere_is_not_followed(host: UrlSource) -> None:
    with pytest.raises(UnreachableError, match="answers 302"):
        host.read("moved", 10)


def test_a_broken_host_says_so(host: UrlSource) -> None:
    with pytest.raises(UnreachableError, match="answers 500"):
        host.read("broken", 10)


def test_endless_data_is_cut_off(host: UrlSource) -> None:
    with pytest.raises(TrustError, match="longer than the 1000 bytes"):
        host.read("endless", 1000)


def test_only_web_addresses_are_read() -> None:
    for address in ("file:///etc", "ftp://a", "a.b"):
        with pytest.raises(InvalidValueError):
            UrlSource(address)


def test_a_host_that_is_not_there_says_so() -> None:
    with pytest.raises(UnreachableError, match="nothing is known of it"):
        UrlSource("http://127.0.0.1:1").read("x", 10)


def test_everything_is_asked_over_one_connection(host: UrlSource) -> None:
    for _ in range(3):
        assert host.read("metadata/1.root.json", 10) == b"root"
        assert host.read("metadata/2.root.json", 10) is None
    assert len(CONNECTIONS) == 1


def test_a_host_that_hangs_up_between_answers_is_asked_again(host: UrlSource) -> None:
    assert host.read("hangs-up", 10) == b"once"
    assert host.read("metadata/1.root.json", 10) == b"root"
    assert len(CONNECTIONS) == 2


def test_what_comes_compressed_is_unpacked_and_a_bomb_is_not(host: UrlSource) -> None:
    assert host.read("packed", 100) == "추위".encode()
    with pytest.raises(TrustError, match="longer than the 1000 bytes"):
        host.read("bomb", 1000)
    with pytest.raises(TrustError, match="doesn't unpack"):
        host.read("spoilt", 100)
    assert host.read("packed", 100) == "추위".encode(), "the next question goes on"


def test_a_proxy_that_the_system_names_is_used(
    host: UrlSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", host.base)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with closing(UrlSource("http://far.example/repository")) as far:
        assert far.read("metadata/timestamp.json", 100) == b"by a proxy"
    assert ASKED[-1]["path"] == "http://far.example/repository/metadata/timestamp.json"
