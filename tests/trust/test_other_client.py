"""A client that isn't ours reads what a plan makes: python-tuf's own, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from securesystemslib.signer import CryptoSigner
from tests.trust.shelf import keys_of, make_signers
from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp
from tuf.ngclient import Updater

from bojagi.trust.plan import Plan, Publisher


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    serve = partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _write(folder: Path, name: str, role: object, signers: list[CryptoSigner]) -> None:
    metadata = Metadata(role)  # type: ignore[type-var]  # any of the four kinds
    for signer in signers:
        metadata.sign(signer, append=True)
    (folder / name).write_bytes(metadata.to_bytes())


def test_python_tuf_downloads_every_target_of_a_plan(tmp_path: Path, host: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    root, targets, publisher, reviewer, online = (make_signers(count) for count in (3, 3, 1, 1, 2))
    plan = Plan(
        keys_of(root, 2),
        keys_of(targets, 2),
        keys_of(online[:1]),
        keys_of(online[1:]),
        keys_of(reviewer),
        (Publisher(1, 2, keys_of(publisher)),),
    )
    metadata, content = tmp_path / "metadata", tmp_path / "targets"
    metadata.mkdir()
    top = plan.make_targets(1, now)
    _write(metadata, "1.root.json", plan.make_root(1, now), root[:2])
    _write(metadata, "1.targets.json", top, targets[:2])
    wanted = {"1/0/1": b"one", "1/1/1": "둘".encode(), "w/1": b"withdrawn"}
    for path, name in zip(wanted, ("1-0", "1-1", "w"), strict=True):
        info = TargetFile.from_data(path, wanted[path], ["sha256"])
        place = content / path
        place.parent.mkdir(parents=True)
        place.with_name(f"{info.hashes['sha256']}.{place.name}").write_bytes(wanted[path])
        role = Targets(expires=top.expires, targets={path: info})
        _write(metadata, f"1.{name}.json", role, reviewer if name == "w" else publisher)
    names = ("targets", "1-0", "1-1", "w")
    meta = {f"{name}.json": MetaFile(1) for name in names}
    _write(metadata, "1.snapshot.json", Snapshot(expires=top.expires, meta=meta), online[:1])
    _write(metadata, "timestamp.json", Timestamp(expires=top.expires), online[1:])
    kept = tmp_path / "kept"
    kept.mkdir()
    updater = Updater(
        str(kept),
        f"{host}/metadata/",
        str(kept),
        f"{host}/targets/",
        bootstrap=(metadata / "1.root.json").read_bytes(),
    )
    for path, expected in wanted.items():
        found = updater.get_targetinfo(path)
        assert found is not None
        assert Path(updater.download_target(found)).read_bytes() == expected
