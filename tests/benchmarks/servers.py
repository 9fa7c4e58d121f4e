"""Our server and its peers as processes on loopback that always end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 20
_STOP_SECONDS = 10

_OURS = (
    "import sys; from pathlib import Path; from bojagi.settings import Settings;"
    " from bojagi.web.server import serve;"
    " serve(Settings(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3]))"
)


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def processor_seconds(self) -> float:
        """Return the time its processes have had on a processor so far."""
        return sum(sum(each.cpu_times()[:2]) for each in _family(self.process))

    def memory(self) -> tuple[float, float | None, int]:
        """Return the sum over its processes of what is resident, and of their fair share, in MB.

        A page that two processes share counts twice in the first and once in the second, which
        not every system tells. The third value is the number of processes.
        """
        import psutil

        processes = _family(self.process)
        resident = sum(each.memory_info().rss for each in processes) / 1e6
        try:
            share = sum(each.memory_full_info().pss for each in processes) / 1e6
        except (AttributeError, psutil.AccessDenied):
            return resident, None, len(processes)
        return resident, share, len(processes)


@dataclass(frozen=True)
class Answer:
    """What came over the wire for one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    wire_bytes: int


def environment() -> dict[str, str]:
    """Return the environment in which a Python of ours finds the project."""
    paths = [str(ROOT / "server"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


@contextmanager
def ours(data: Path) -> Iterator[Running]:
    """Serve a data folder as `bojagi serve` does."""
    port = free_port()
    command = [sys.executable, "-c", _OURS, str(data), HOST, str(port)]
    with _started("bojagi", command, port, data.parent / "bojagi.log") as running:
        yield running


@contextmanager
def nginx(binary: str, public: Path, folder: Path) -> Iterator[Running]:
    """Serve a tree's files with nginx, two workers, files compressed beforehand."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_nginx_config(public, folder, port), "utf-8")
    command = [binary, "-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(config)]
    with _started("nginx", command, port, folder / "nginx.out") as running:
        yield running


@contextmanager
def kiwix(binary: str, zim: Path) -> Iterator[Running]:
    """Serve a ZIM file with kiwix-serve as it comes."""
    port = free_port()
    command = [binary, "--address", HOST, "--port", str(port), str(zim)]
    with _started("kiwix-serve", command, port, zim.parent / "kiwix.log") as running:
        yield running


def _nginx_config(public: Path, folder: Path, port: int) -> str:
    rooms = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"{_nginx_user()}daemon off;\nworker_processes 2;\npid {folder}/nginx.pid;\n"
        "events { worker_connections 256; }\n"
        f"http {{\n  access_log off;\n{rooms}"
        "  types { text/html html; }\n  charset utf-8;\n  sendfile on;\n  tcp_nopush on;\n"
        f"  server {{\n    listen {HOST}:{port};\n    root {public};\n    gzip_static on;\n"
        "    location / { try_files $uri $uri.html $uri/index.html =404; }\n  }\n}\n"
    )


def _nginx_user() -> str:
    """Let workers read what we may read; without root, nginx would only warn of the line."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ""
    return "user root;\n"


@contextmanager
def _started(name: str, command: Sequence[str], port: int, log: Path) -> Iterator[Running]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_it_answers(name, process, port, log)
            yield Running(name, port, process)
        finally:
            _stop(process)


def _wait_until_it_answers(
    name: str, process: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            get(port, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{name} doesn't answer: {log.read_text('utf-8', 'replace')[-2000:]}")


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    import psutil

    try:
        parent = psutil.Process(process.pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and every process it started, by their ids."""
    import psutil

    family = _family(process)
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(family[1:], timeout=2)
    for each in left:
        each.kill()


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def get(port: int, path: str, **headers: str) -> Answer:
    """Ask once over a connection of its own and count the bytes of the answer.

    Raises:
        OSError: when nobody answers, or the answer breaks off.
    """
    wanted = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in wanted.items())]
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        stream = connection.makefile("rb")
        head = [stream.readline()]
        while head[-1] not in {b"\r\n", b""}:
            head.append(stream.readline())
        if not head[0].startswith(b"HTTP/1."):
            raise ConnectionError("no answer")
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.decode("latin-1").partition(":") for line in head[1:])
        }
        status = int(head[0].split()[1])
        body, framing = _body(stream, fields, status)
    return Answer(status, fields, body, sum(map(len, head)) + framing + len(body))


def _body(stream: BufferedReader, fields: Mapping[str, str], status: int) -> tuple[bytes, int]:
    """Read a body; return it and what its framing weighed on the wire."""
    if status in {204, 304}:
        return b"", 0
    if "chunked" not in fields.get("transfer-encoding", ""):
        return stream.read(int(fields["content-length"])), 0
    body, framing = b"", 0
    while True:
        size = stream.readline()
        chunk = stream.read(int(size, 16))
        framing += len(size) + len(stream.readline())
        body += chunk
        if not chunk:
            return body, framing
