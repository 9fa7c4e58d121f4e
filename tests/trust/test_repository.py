"""Releases of a shelf: what people are asked to sign, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from tests.trust.shelf import DAY, Shelf, make_signers

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.repository import EMPTY, Repository, assemble, prepare


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.offer("1/0/1", "추위".encode())
    made.offer("1/0/2", "더위".encode())
    made.release()
    return made


def test_the_first_release_asks_for_every_role(shelf: Shelf) -> None:
    assert set(shelf.repository.roles) == {
        *("root", "targets", "1-0", "1-1", "w", "snapshot", "timestamp")
    }
    assert all(role.signed.version == 1 for role in shelf.repository.roles.values())


def test_nothing_is_asked_where_nothing_changed(shelf: Shelf) -> None:
    later = DAY + timedelta(days=100)
    request = prepare("a3", shelf.repository, shelf.plan, shelf.offered, later)
    assert request.roles == {}


def test_only_the_role_of_a_changed_edition_is_asked_for(shelf: Shelf) -> None:
    shelf.offer("1/0/2", "더위, 다시".encode())
    request = prepare("a3", shelf.repository, shelf.plan, shelf.offered, DAY)
    assert set(request.roles) == {"1-0"}


def test_an_edition_that_is_gone_changes_its_role(shelf: Shelf) -> None:
    del shelf.offered["1-0"]["1/0/2"]
    assert shelf.release() == ["1-0"]
    assert [judgement.path for judgement in shelf.judge().judgements] == ["1/0/1"]


def test_a_role_near_its_end_is_asked_to_be_signed_anew(shelf: Shelf) -> None:
    near = DAY + timedelta(days=340)
    request = prepare("a3", shelf.repository, shelf.plan, shelf.offered, near)
    assert set(request.roles) == {"targets", "1-0", "1-1", "w"}


def test_a_refresh_makes_only_a_new_timestamp(shelf: Shelf) -> None:
    before = dict(shelf.repository.files)
    shelf.release(DAY + timedelta(days=20))
    changed = {name for name, data in shelf.repository.files.items() if before.get(name) != data}
    assert changed == {"timestamp.json"}
    assert shelf.repository.roles["timestamp"].signed.version == 2


def test_nothing_new_and_nothing_near_its_end_changes_nothing(shelf: Shelf) -> None:
    signers = (shelf.snapshot, shelf.timestamp)
    again = assemble(shelf.repository, signers, DAY + timedelta(days=20))
    assert again.files == shelf.repository.files


def test_a_timestamp_near_its_end_is_made_anew(shelf: Shelf) -> None:
    signers = (shelf.snapshot, shelf.timestamp)
    later = assemble(shelf.repository, signers, DAY + timedelta(days=31))
    assert later.roles["timestamp"].signed.version == 2


def test_of_what_counts_no_more_only_the_roots_stay(shelf: Shelf) -> None:
    old = shelf.root
    shelf.root = Shelf().root
    shelf.release(signers=[*old[:2], *shelf.root[:2], *shelf.targets])
    shelf.offer("1/0/1", "추위, 다시".encode())
    shelf.release()
    assert set(shelf.repository.files) == {
        *("1.root.json", "2.root.json", "1.targets.json", "2.1-0.json", "1.1-1.json"),
        *("1.w.json", "2.snapshot.json", "timestamp.json"),
    }


@pytest.mark.parametrize("who", ["publisher", "reviewer", "targets"])
def test_a_role_whose_keys_changed_is_signed_anew_by_those_that_count_now(
    shelf: Shelf, who: str
) -> None:
    setattr(shelf, who, make_signers(len(getattr(shelf, who))))
    asked = shelf.release(signers=[*shelf.root, *shelf.targets, *shelf.publisher, *shelf.reviewer])
    expected = {
        "publisher": {"targets", "1-0", "1-1"},
        "reviewer": {"targets", "w"},
        "targets": {"root", "targets"},
    }
    assert set(asked) == expected[who]
    assert shelf.judge().verdict is Verdict.CURRENT


@pytest.mark.parametrize("who", ["snapshot", "timestamp"])
def test_a_new_key_of_the_studio_signs_anew(shelf: Shelf, who: str) -> None:
    setattr(shelf, who, make_signers(1)[0])
    assert shelf.release() == ["root"]
    assert shelf.judge().verdict is Verdict.CURRENT


def test_the_list_of_pages_is_named_by_the_snapshot(shelf: Shelf) -> None:
    signers = (shelf.snapshot, shelf.timestamp)
    first = assemble(shelf.repository, signers, DAY, b"list")
    snapshot = first.roles["snapshot"].signed
    digest = snapshot.unrecognized_fields["pages"]["hashes"]["sha256"]
    assert digest == sha256(b"list").hexdigest()
    assert assemble(first, signers, DAY, b"list").files == first.files
    assert assemble(first, signers, DAY, b"other").roles["snapshot"].signed.version == 3


def test_a_release_without_its_threshold_is_refused() -> None:
    made = Shelf()
    made.offer("1/0/1", b"-")
    with pytest.raises(TrustError) as raised:
        made.release(signers=[made.root[0], *made.targets, *made.publisher, *made.reviewer])
    assert raised.value.verdict is Verdict.NOT_OURS
    assert "root has 1 of the 2" in raised.value.reason
    assert made.repository is EMPTY


def test_a_root_of_new_people_needs_the_old_ones_too(shelf: Shelf) -> None:
    old = shelf.root
    shelf.root = Shelf().root
    with pytest.raises(TrustError, match="root has 0 of the 2"):
        shelf.release(signers=[*shelf.root, *shelf.targets])
    shelf.release(signers=[*old[:2], *shelf.root[:2], *shelf.targets])
    assert shelf.judge().verdict is Verdict.CURRENT


def test_a_repository_is_read_back_from_its_files(shelf: Shelf) -> None:
    shelf.offer("1/1/1", b"in another locale")
    shelf.release()
    again = Repository.load(shelf.repository.files)
    assert {name: role.signed.version for name, role in again.roles.items()} == {
        name: role.signed.version for name, role in shelf.repository.roles.items()
    }


def test_files_that_are_no_metadata_are_named() -> None:
    with pytest.raises(TrustError, match=r"1\.root\.json isn't metadata"):
        Repository.load({"1.root.json": b"{}"})
