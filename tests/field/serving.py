"""The browser's rules, the vectors and the harness on one local address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page

PROJECT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = {
    "field": PROJECT / "server" / "bojagi" / "field",
    "vectors": PROJECT / "tests" / "vectors" / "trust",
    "harness": PROJECT / "tests" / "field" / "harness",
}

HIDE_ED25519: Final = """
for (const name of ["importKey", "generateKey", "verify", "sign"]) {
  const native = SubtleCrypto.prototype[name];
  SubtleCrypto.prototype[name] = function (...given) {
    const isEd25519 = given.some((each) => (each?.name ?? each) === "Ed25519");
    if (isEd25519) return Promise.reject(new DOMException("hidden", "NotSupportedError"));
    return native.apply(this, given);
  };
}
"""
"""What a browser without Ed25519 does; it runs before any module is loaded."""


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - its parent has it so
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".html": "text/html; charset=utf-8",
    }

    def translate_path(self, path: str) -> str:
        """Look in the folder that the first part of the address names."""
        top, _, rest = path.lstrip("/").partition("/")
        folder = FOLDERS.get(top, PROJECT / "absent")
        return str(folder / rest) if ".." not in rest else str(PROJECT / "absent")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve, and give the origin: a secure context, being loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Harness:
    """The harness's page.

    Attributes:
        asked: the paths the page has asked for.
    """

    page: Page
    asked: list[str]

    @classmethod
    def open(cls, context: BrowserContext, origin: str, *, hidden: bool = False) -> Harness:
        """Open it, with the browser's own Ed25519 or without."""
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(origin)))
        if hidden:
            page.add_init_script(HIDE_ED25519)
        page.goto(f"{origin}/harness/index.html")
        page.wait_for_function("() => globalThis.run")
        return cls(page, asked)

    def run_file(self, kind: str, file: str, table: str) -> dict[str, Any]:
        """Run a file's vectors; return the outcome."""
        return self._call("given => runFile(...given)", [kind, file, table])

    def run(self, kind: str, cases: list[Any], rows: list[Any] | None = None) -> dict[str, Any]:
        """Run cases that stand in no file; return the outcome."""
        return self._call("given => run(...given)", [kind, cases, rows or []])

    def _call(self, script: str, given: list[Any]) -> dict[str, Any]:
        outcome: dict[str, Any] = self.page.evaluate(script, given)
        return outcome


def told(outcome: dict[str, Any]) -> str:
    """Say which cases failed, with both answers."""
    lines = [
        f"{each['name']}\n  expected {_short(each['expected'])}\n  got      {_short(each['got'])}"
        for each in outcome["failures"]
    ]
    return "\n".join(lines[:20])


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:1500]
