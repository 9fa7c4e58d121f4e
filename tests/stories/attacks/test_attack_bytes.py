"""Bytes without end, bytes that are no metadata, targets that are not what was signed; memories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from tests.stories.attacks.repository import (
    Repository,
    open_client,
    refusal,
    refusal_of,
    target_path,
)

from bojagi.domain.verdicts import Verdict
from bojagi.trust.client import (
    ROLE_BYTES,
    ROOT_BYTES,
    SNAPSHOT_BYTES,
    TARGET_BYTES,
    TIMESTAMP_BYTES,
)
from bojagi.trust.memory import FolderMemory

ROLES: Final = ("root", "timestamp", "snapshot", "targets")
GARBAGE: Final = {
    "nothing": b"",
    "no JSON": b"\x00\xff\xfe",
    "a list": b"[]",
    "null": b"null",
    "empty": b"{}",
    "deep": b"[" * 100_000,
    "deep objects": b'{"signed":' * 100_000,
    "a huge integer": b'{"signed": {"version": ' + b"9" * 10_000 + b"}}",
}


def _next(repository: Repository) -> None:
    repository.publish("root", "targets", "snapshot", "timestamp")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_bytes_that_are_no_metadata_are_damaged(role: str, garbage: bytes) -> None:
    repository = Repository()
    memory = repository.pinned
    _next(repository)
    repository.files[repository.current(role)] = garbage
    assert refusal(repository, memory) is Verdict.DAMAGED


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 0),
        ("version", -1),
        ("version", "2"),
        ("expires", "어제"),
        ("expires", 5),
        ("spec_version", "2.0.0"),
        ("_type", "mirrors"),
        ("_type", 1),
        ("beside", 1.5),
        ("beside", float("nan")),
        ("beside", "\ud800"),
    ],
)
def test_a_field_that_cannot_be_is_damaged(role: str, name: str, value: object) -> None:
    repository = Repository()
    memory = repository.pinned
    _next(repository)
    fields = json.loads(repository.files[repository.current(role)])
    fields["signed"][name] = value
    repository.files[repository.current(role)] = json.dumps(fields).encode()
    assert refusal(repository, memory) is Verdict.DAMAGED


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("other", ROLES)
def test_metadata_of_another_type_is_damaged(role: str, other: str) -> None:
    if role == other:
        return
    repository = Repository()
    memory = repository.pinned
    _next(repository)
    repository.files[repository.current(role)] = repository.files[repository.current(other)]
    assert refusal(repository, memory) is Verdict.DAMAGED


@pytest.mark.parametrize(
    ("role", "most"),
    [
        ("root", ROOT_BYTES),
        ("timestamp", TIMESTAMP_BYTES),
        ("snapshot", SNAPSHOT_BYTES),
        ("targets", ROLE_BYTES),
    ],
)
def test_metadata_without_end_is_damaged(role: str, most: int) -> None:
    repository = Repository()
    memory = repository.pinned
    _next(repository)
    repository.files[repository.current(role)] += b" " * most
    assert refusal(repository, memory) is Verdict.DAMAGED


def test_a_stolen_timestamp_key_cannot_ask_for_a_snapshot_without_end() -> None:
    repository = Repository(hashed=True)
    memory = repository.pinned
    repository.publish("snapshot")
    data = repository.files[repository.current("snapshot")] + b" " * SNAPSHOT_BYTES
    repository.serve("snapshot", data)
    repository.publish("timestamp")
    assert refusal(repository, memory) is Verdict.DAMAGED


@pytest.mark.parametrize("wrong", ["other", "longer", "shorter", "empty", "missing"])
def test_a_target_that_is_not_what_was_signed_is_damaged(wrong: str) -> None:
    repository = Repository()
    content = "보따리".encode()
    path = target_path(repository.add("1/0/7", content))
    repository.release("targets")
    bent = {
        "other": content[::-1],
        "longer": content + b" ",
        "shorter": content[:-1],
        "empty": b"",
    }.get(wrong)
    if bent is None:
        del repository.files[path]
    else:
        repository.files[path] = bent
    client = open_client(repository, repository.pinned)
    assert refusal_of(client, "1/0/7") is Verdict.DAMAGED


@pytest.mark.parametrize("wrong", ["length", "digest", "unknown digest"])
def test_a_target_whose_record_is_wrong_is_damaged(wrong: str) -> None:
    repository = Repository()
    info = repository.add("1/0/7", b"1")
    if wrong == "length":
        info.length += 1
    elif wrong == "digest":
        info.hashes["sha256"] = "0" * 64
        repository.files[target_path(info)] = b"1"
    else:
        info.hashes = {"unknown": info.hashes["sha256"]}
    repository.release("targets")
    client = open_client(repository, repository.pinned)
    assert refusal_of(client, "1/0/7") is Verdict.DAMAGED


def _folder(repository: Repository, path: Path) -> FolderMemory:
    memory = FolderMemory(path)
    memory.keep("root", repository.files["metadata/1.root.json"])
    return memory


def test_a_folder_remembers_between_runs(tmp_path: Path) -> None:
    repository = Repository()
    repository.release()
    open_client(repository, _folder(repository, tmp_path))
    repository.timestamp.version = 1
    repository.write("timestamp")
    assert refusal(repository, FolderMemory(tmp_path)) is Verdict.OLDER_THAN_YOURS


def test_a_memory_that_was_killed_while_writing_is_the_one_before(tmp_path: Path) -> None:
    repository = Repository()
    open_client(repository, _folder(repository, tmp_path))
    for kept in list(tmp_path.iterdir()):
        (tmp_path / f".part-{kept.name}").write_bytes(b'{"half')
    open_client(repository, FolderMemory(tmp_path))


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("spoilt", [b"", b"\xff", b"{}", b"[" * 100_000])
def test_a_spoilt_memory_is_read_anew(tmp_path: Path, role: str, spoilt: bytes) -> None:
    repository = Repository()
    memory = _folder(repository, tmp_path)
    open_client(repository, memory)
    memory.keep(role, spoilt)
    open_client(repository, FolderMemory(tmp_path))


def test_a_spoilt_memory_of_the_root_is_damaged(tmp_path: Path) -> None:
    repository = Repository()
    _folder(repository, tmp_path).keep("root", b"")
    assert refusal(repository, FolderMemory(tmp_path)) is Verdict.DAMAGED


def test_without_a_pinned_root_nothing_is_ours(tmp_path: Path) -> None:
    assert refusal(Repository(), FolderMemory(tmp_path)) is Verdict.NOT_OURS


@pytest.mark.parametrize("role", ["../a", "..", "a/b", "가", "\x00", "a" * 5000])
def test_a_memory_stays_in_its_folder(tmp_path: Path, role: str) -> None:
    FolderMemory(tmp_path / "kept").keep(role, b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert FolderMemory(tmp_path / "kept").recall(role) == b"1"


def test_names_that_differ_in_case_alone_are_two_memories(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path)
    memory.keep("a", b"1")
    memory.keep("A", b"2")
    assert (memory.recall("a"), memory.recall("A")) == (b"1", b"2")
    assert len({path.name.lower() for path in tmp_path.iterdir()}) == 2


def test_a_length_that_only_a_thief_would_sign_is_not_fetched() -> None:
    repository = Repository()
    info = repository.add("1/0/7", b"1")
    info.length = TARGET_BYTES + 1
    repository.release("targets")
    client = open_client(repository, repository.pinned)
    before = list(repository.reads)
    assert refusal_of(client, "1/0/7") is Verdict.DAMAGED
    assert repository.reads == before
