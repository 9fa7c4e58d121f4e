"""Going back, getting lost, racing ahead, and mixing what does not belong together."""

from __future__ import annotations

import pytest
from tests.stories.attacks.repository import Repository, open_client, refusal, refusal_of
from tuf.api.metadata import Metadata

from bojagi.domain.verdicts import Verdict

both = pytest.mark.parametrize("hashed", [False, True], ids=["versions", "digests"])
either = pytest.mark.parametrize("strict", [False, True], ids=["offline", "strict"])


@either
def test_a_timestamp_never_goes_back(*, strict: bool) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.publish("timestamp")
    open_client(repository, memory)
    repository.timestamp.version = 1
    repository.write("timestamp")
    assert refusal(repository, memory, strict=strict) is Verdict.OLDER_THAN_YOURS
    assert Metadata.from_bytes(memory.seen["timestamp"]).signed.version == 2


@both
@either
def test_a_snapshot_never_goes_back(*, hashed: bool, strict: bool) -> None:
    repository = Repository(hashed=hashed)
    memory = repository.pinned
    repository.release()
    open_client(repository, memory)
    repository.snapshot.version = 1
    repository.write("snapshot")
    repository.publish("timestamp")
    assert refusal(repository, memory, strict=strict) is Verdict.OLDER_THAN_YOURS


@both
@either
def test_targets_never_go_back(*, hashed: bool, strict: bool) -> None:
    repository = Repository(hashed=hashed)
    memory = repository.pinned
    repository.release("targets")
    open_client(repository, memory)
    repository.role().version = 1
    repository.write("targets")
    repository.release()
    assert refusal(repository, memory, strict=strict) is Verdict.OLDER_THAN_YOURS
    assert Metadata.from_bytes(memory.seen["snapshot"]).signed.version == 2


def test_a_publisher_never_goes_back() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.delegate("1-0", ["1/0/*"])
    repository.release("1-0", "targets")
    open_client(repository, memory)
    repository.role("1-0").version = 1
    repository.write("1-0")
    repository.release()
    assert refusal(repository, memory) is Verdict.OLDER_THAN_YOURS


@pytest.mark.parametrize("lost", ["targets.json", "1-0.json"])
def test_a_snapshot_that_lost_a_role_is_older(lost: str) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.delegate("1-0", ["1/0/*"])
    repository.release_all()
    open_client(repository, memory)
    del repository.snapshot.meta[lost]
    repository.release()
    assert refusal(repository, memory) is Verdict.OLDER_THAN_YOURS


def test_a_whole_older_tree_is_refused_by_who_saw_the_newer() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.release("targets")
    older = dict(repository.files)
    repository.release("targets")
    open_client(repository, memory)
    repository.files = older
    assert refusal(repository, memory, strict=False) is Verdict.OLDER_THAN_YOURS


def test_a_whole_older_tree_looks_whole_to_who_saw_nothing() -> None:
    repository = Repository()
    memory = repository.pinned
    older = dict(repository.files)
    repository.release("targets")
    repository.files = older
    assert open_client(repository, memory).trusted.roles["targets"].version == 1


def test_a_rollback_is_seen_although_what_was_seen_has_expired() -> None:
    repository = Repository()
    memory = repository.pinned
    older = dict(repository.files)
    repository.release()
    open_client(repository, memory)
    later = repository.timestamp.expires.replace(year=2036)
    repository.files = older
    assert refusal(repository, memory, later, strict=False) is Verdict.OLDER_THAN_YOURS


def test_the_same_timestamp_with_other_content_changes_nothing() -> None:
    repository = Repository()
    memory = repository.pinned
    open_client(repository, memory)
    repository.timestamp.snapshot_meta.version = 100
    repository.write("timestamp")
    client = open_client(repository, memory)
    assert client.trusted.timestamp is not None
    assert client.trusted.timestamp.snapshot_meta.version == 1
    assert repository.reads[-1] == "metadata/timestamp.json"


def test_nothing_is_read_twice_when_nothing_changed() -> None:
    repository = Repository()
    memory = repository.pinned
    open_client(repository, memory)
    repository.reads.clear()
    open_client(repository, memory)
    assert repository.reads == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_a_timestamp_that_raced_ahead_is_recovered_by_its_key() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.timestamp.version = 2**40
    repository.write("timestamp")
    open_client(repository, memory)
    repository.rotate("timestamp")
    repository.timestamp.version = 1
    repository.write("timestamp")
    repository.publish("root")
    client = open_client(repository, memory)
    assert client.trusted.timestamp is not None
    assert client.trusted.timestamp.version == 1


def test_a_snapshot_that_raced_ahead_is_recovered_by_both_online_keys() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.snapshot.version = 2**40
    repository.write("snapshot")
    repository.publish("timestamp")
    open_client(repository, memory)
    repository.rotate("snapshot")
    repository.rotate("timestamp")
    repository.snapshot.version = 1
    repository.write("snapshot")
    repository.publish("root", "timestamp")
    client = open_client(repository, memory)
    assert client.trusted.snapshot is not None
    assert client.trusted.snapshot.version == 1


@pytest.mark.parametrize("role", ["targets", "1-0"])
def test_a_targets_role_that_raced_ahead_is_recovered_by_the_snapshot_key(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.delegate("1-0", ["1/0/*"])
    repository.signed[role].version = 2**40
    repository.release_all()
    open_client(repository, memory)
    repository.rotate("snapshot")
    repository.signed[role].version = 1
    repository.write(role)
    repository.publish("root", "snapshot", "timestamp")
    client = open_client(repository, memory)
    assert client.trusted.meta_of(role).version == 1


def test_without_a_new_key_a_role_that_raced_ahead_stays_ahead() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.timestamp.version = 2**40
    repository.write("timestamp")
    open_client(repository, memory)
    repository.timestamp.version = 2
    repository.write("timestamp")
    repository.publish("root")
    assert refusal(repository, memory) is Verdict.OLDER_THAN_YOURS


@pytest.mark.parametrize("role", ["snapshot", "targets"])
@pytest.mark.parametrize("wrong", ["digest", "length", "bytes"])
def test_metadata_that_is_not_what_was_named_is_damaged(role: str, wrong: str) -> None:
    repository = Repository(hashed=True)
    memory = repository.pinned
    repository.publish("targets")
    if role == "snapshot":
        repository.publish("snapshot")
    names = repository.timestamp.snapshot_meta
    if role == "targets":
        names = repository.snapshot.meta["targets.json"]
    if wrong == "digest":
        names.hashes = {"sha256": "0" * 64}
    elif wrong == "length":
        assert names.length is not None
        names.length += 1
    else:
        repository.files[repository.current(role)] += b" "
    repository.publish(*(["snapshot"] if role == "targets" else []), "timestamp")
    assert refusal(repository, memory) is Verdict.DAMAGED
    assert role not in memory.seen


@pytest.mark.parametrize("role", ["snapshot", "targets", "1-0"])
def test_another_version_than_the_one_named_is_damaged(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.delegate("1-0", ["1/0/*"])
    repository.release_all()
    older = repository.files[repository.current(role)]
    repository.release_all()
    repository.files[repository.current(role)] = older
    if role == "1-0":
        assert refusal_of(open_client(repository, memory), "1/0/1") is Verdict.DAMAGED
    else:
        assert refusal(repository, memory) is Verdict.DAMAGED


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "1-0"])
def test_missing_metadata_is_damaged(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.delegate("1-0", ["1/0/*"])
    repository.release_all()
    del repository.files[repository.current(role)]
    if role == "1-0":
        assert refusal_of(open_client(repository, memory), "1/0/1") is Verdict.DAMAGED
    else:
        assert refusal(repository, memory) is Verdict.DAMAGED


def test_a_role_of_another_shelf_is_not_ours() -> None:
    ours, theirs = Repository(), Repository()
    ours.files[ours.current("targets")] = theirs.files[theirs.current("targets")]
    assert refusal(ours, ours.pinned) is Verdict.NOT_OURS


def test_a_digest_of_an_unknown_kind_is_damaged() -> None:
    repository = Repository(hashed=True)
    repository.publish("snapshot")
    repository.timestamp.snapshot_meta.hashes = {"unknown": "0"}
    repository.publish("timestamp")
    assert refusal(repository, repository.pinned) is Verdict.DAMAGED
