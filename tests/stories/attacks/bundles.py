"""A support worker's machine and a shelf's bundles; ZIP files written by hand, field by field."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from tests.making import environment_of_ours
from tests.trust.shelf import BUILT, DAY, Shelf

from bojagi.domain.verdicts import Verdict
from bojagi.services.verifying import Checked, Keys, Verifier
from bojagi.trust.bundle import make_bundle
from bojagi.trust.memory import FolderMemory
from bojagi.trust.pins import Pins
from bojagi.trust.shelf_key import ShelfKey

KEY: Final = ShelfKey(bytes(range(16)))
HUNG: Final = 120
"""Seconds after which a judge hangs; a judgement takes one."""

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Entry:
    """An entry of a ZIP file, each field as whoever writes it likes (APPNOTE 4.3)."""

    name: bytes
    data: bytes
    flags: int = 0
    method: int = 0
    size: int | None = None
    extra: bytes = b""
    local_name: bytes | None = None
    mode: int = 0o100644
    offset: int | None = None
    behind: bytes = b""

    def head(self, name: bytes) -> tuple[int | bytes, ...]:
        size = len(self.data) if self.size is None else self.size
        checksum = zlib.crc32(self.data)
        lengths = (len(name), len(self.extra))
        return (20, 0, self.flags, self.method, 0, 33, checksum, len(self.data), size, *lengths)


def zip_of(entries: Iterable[Entry], *, before: bytes = b"", comment: bytes = b"") -> bytes:
    """Write a ZIP file just as it is told."""
    body, listed, count = [before], [], 0
    at = len(before)
    for entry in entries:
        name = entry.name if entry.local_name is None else entry.local_name
        offset = at if entry.offset is None else entry.offset
        local = struct.pack("<4sBBHHHHLLLHH", b"PK\3\4", *entry.head(name)) + name + entry.extra
        body.append(local + entry.data + entry.behind)
        at += len(body[-1])
        tail = struct.pack("<HHHLL", 0, 0, 0, entry.mode << 16, offset)
        head = struct.pack("<4sBBBBHHHHLLLHH", b"PK\1\2", 20, 3, *entry.head(entry.name))
        listed.append(head + tail + entry.name + entry.extra)
        count += 1
    directory = b"".join(listed)
    counts = (min(count, 0xFFFF), min(count, 0xFFFF), len(directory), at, len(comment))
    return (
        b"".join(body) + directory + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, *counts) + comment
    )


def entries_of(files: Files) -> list[Entry]:
    return [Entry(name.encode(), files[name]) for name in sorted(files)]


def files_of(shelf: Shelf) -> dict[str, bytes]:
    """What a bundle of all that stands on a shelf holds."""
    files = {f"metadata/{name}": data for name, data in shelf.repository.files.items()}
    for role in shelf.offered.values():
        for path, info in role.items():
            folder, _, name = path.rpartition("/")
            file = f"{folder}/{info.hashes['sha256']}.{name}"
            if file in shelf.content:
                files[f"targets/{file}"] = shelf.content[file]
    return files


def bundle_of(shelf: Shelf) -> bytes:
    """Return the bundle of all that stands on a shelf."""
    return make_bundle(files_of(shelf))


def make_shelf() -> Shelf:
    """Return a shelf with one topic in two locales, released once."""
    made = Shelf()
    made.offer("1/0/1", "추위에서 몸을 지키기".encode())
    made.offer("1/1/1", b"cold")
    made.release()
    return made


@dataclass(frozen=True)
class Worker:
    """A support worker's machine: pinned roots with their memory, and a stick.

    Attributes:
        folder: what is on it; nothing beside it may change either.
    """

    folder: Path
    keys: Keys = field(default_factory=Keys)
    clock: datetime = DAY
    built: date = BUILT

    @classmethod
    def of(cls, folder: Path, *shelves: Shelf) -> Worker:
        """Return somebody who got the roots of these shelves in person."""
        worker = cls(folder)
        worker.folder.mkdir(parents=True)
        for shelf in shelves:
            worker.pins.add(shelf.repository.files["1.root.json"])
        return worker

    @property
    def pins(self) -> Pins:
        return Pins(self.folder / "memory")

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.pins, self.keys, self.clock, self.built)

    @property
    def memory(self) -> FolderMemory:
        [(_, memory)] = self.pins.memories()
        return memory

    def check(self, raw: bytes, name: str = "902489033278.zip") -> Checked:
        """Verify a file; whatever it was, nothing but the memory may have been written."""
        file = self.folder / name
        file.write_bytes(raw)
        before = self._outside()
        [checked] = self.verifier.verify(str(file))
        assert self._outside() == before
        return checked

    def judge(self, raw: bytes) -> Verdict:
        """Return the verdict of a bundle as a whole."""
        return self.check(raw).report.verdict

    def verdicts(self, raw: bytes) -> dict[str, Verdict]:
        """Return the verdict of each edition of a bundle."""
        return {each.path: each.verdict for each in self.check(raw).report.judgements}

    def _outside(self) -> dict[Path, bytes]:
        memory = self.folder / "memory"
        found = [path for path in self.folder.parent.rglob("*") if path.is_file()]
        return {path: path.read_bytes() for path in found if not path.is_relative_to(memory)}


JUDGE: Final = """
import resource, sys
from datetime import UTC, date, datetime
from pathlib import Path
from bojagi.services.verifying import Keys, Verifier
from bojagi.trust.pins import Pins
from bojagi.trust.shelf_key import ShelfKey

resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))  # the machine of who tests survives
key = ShelfKey(bytes.fromhex(sys.argv[3]))
day = datetime(2026, 11, 23, 9, tzinfo=UTC)
verifier = Verifier(Pins(Path(sys.argv[1])), Keys(lambda: (key,)), day, date(2026, 11, 1))
[checked] = verifier.verify(sys.argv[2])
status = Path("/proc/self/status").read_text("ascii")  # getrusage would count who started us
print(checked.report.verdict.name, status.partition("VmHWM:")[2].split()[0])
"""


def judged_apart(worker: Worker, raw: bytes) -> tuple[str, int]:
    """Judge a bundle in a process of its own; return the verdict and the memory it took, bytes."""
    file = worker.folder / "1.zip"
    file.write_bytes(raw)
    command = (sys.executable, "-c", JUDGE, worker.folder / "memory", file, KEY.secret.hex())
    done = subprocess.run(
        [str(each) for each in command],
        env=environment_of_ours(),
        capture_output=True,
        check=False,
        timeout=HUNG,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    verdict, kilobytes = done.stdout.split()
    return verdict, int(kilobytes) * 1024
