"""Bytes by digest: whole or not there, the same for ever, and damage is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stories.running import program_environment

from bojagi.errors import DatabaseUnusableError
from bojagi.storage.blobs import Blobs

COLD = "헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오.".encode()
LATER = datetime.now(UTC) + timedelta(days=1)

KEEP_FOR_EVER = """
import sys
from pathlib import Path
from bojagi.storage.blobs import Blobs

blobs = Blobs(Path(sys.argv[1]))
for number in range(1_000_000):
    print(blobs.keep(str(number).encode() * 5000), flush=True)
"""


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def parts(blobs: Blobs) -> list[Path]:
    return list(blobs.folder.rglob(".part-*"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(content=st.binary(max_size=2000))
def test_what_was_kept_is_read_as_the_same_bytes(blobs: Blobs, content: bytes) -> None:
    digest = blobs.keep(content)
    assert digest == sha256(content).hexdigest()
    assert blobs.read(digest) == content
    assert digest in set(blobs.digests())


def test_the_same_bytes_are_kept_once(blobs: Blobs) -> None:
    assert blobs.keep(COLD) == blobs.keep(COLD)
    assert len(list(blobs.digests())) == 1
    assert parts(blobs) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


def bend(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\xed", b"\xec", 1))


def take_away(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [cut, bend, take_away])
def test_damage_is_told_and_keeping_the_same_bytes_mends_it(
    blobs: Blobs, harm: Callable[[Path], None]
) -> None:
    digest = blobs.keep(COLD)
    harm(blobs.path(digest))
    with pytest.raises(DatabaseUnusableError, match="restore a backup"):
        blobs.read(digest)
    assert blobs.keep(COLD) == digest
    assert blobs.read(digest) == COLD


def test_a_disk_that_refuses_is_told(blobs: Blobs) -> None:
    digest = sha256(COLD).hexdigest()
    blobs.folder.mkdir()
    (blobs.folder / digest[:2]).write_bytes(b"")
    with pytest.raises(DatabaseUnusableError, match="can't be written"):
        blobs.keep(COLD)


def test_many_keep_the_same_bytes_at_once(blobs: Blobs) -> None:
    contents = [str(number).encode() * 20_000 for number in range(40)]
    with ThreadPoolExecutor(16) as pool:
        digests = list(pool.map(blobs.keep, [each for each in contents for _ in range(8)]))
    assert len(set(digests)) == len(contents)
    assert {blobs.read(digest) for digest in digests} == set(contents)
    assert parts(blobs) == []


def test_a_keeper_that_is_killed_leaves_only_whole_bytes(blobs: Blobs, tmp_path: Path) -> None:
    for attempt in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", KEEP_FOR_EVER, str(blobs.folder)],
            env=program_environment(tmp_path / "program"),
            stdout=subprocess.PIPE,
            encoding="ascii",
        ) as process:
            assert process.stdout is not None
            told = [process.stdout.readline().strip() for _ in range(10 + attempt * 7)]
            process.kill()
            told += process.stdout.read().split("\n")[:-1]
        assert all(sha256(blobs.read(digest)).hexdigest() == digest for digest in told)
        assert all(blobs.read(digest) for digest in blobs.digests())


def test_sweeping_drops_what_nothing_names_and_spares_what_is_new(blobs: Blobs) -> None:
    named, left = blobs.keep(COLD), blobs.keep("쓰다 만 글".encode())
    part = blobs.path(left).with_name(".part-abcdef")
    part.write_bytes(b"half")
    blobs.sweep([named], datetime.now(UTC) - timedelta(days=1))
    assert set(blobs.digests()) == {named, left}
    assert part.exists()
    blobs.sweep([named], LATER)
    assert set(blobs.digests()) == {named}
    assert not part.exists()


def test_what_is_asked_for_again_is_new(blobs: Blobs) -> None:
    digest = blobs.keep(COLD)
    long_ago = (datetime.now(UTC) - timedelta(days=9)).timestamp()
    os.utime(blobs.path(digest), (long_ago, long_ago))
    assert blobs.keep(COLD) == digest
    blobs.sweep([], datetime.now(UTC) - timedelta(days=1))
    assert blobs.read(digest) == COLD
