"""Releases of a shelf: what people are asked to sign, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.trust.shelf import DAY, Shelf

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.repository import EMPTY, Repository, prepare


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
    assert request.says == []


def test_only_the_role_of_a_changed_edition_is_asked_for(shelf: Shelf) -> None:
    shelf.offer("1/0/2", "더위, 다시".encode())
    request = prepare("a3", shelf.repository, shelf.plan, shelf.offered, DAY)
    assert set(request.roles) == {"1-0"}
    assert [line.split(" (")[0] for line in request.says] == ["1-0: changed 1/0/2"]


def test_an_edition_that_is_gone_is_said(shelf: Shelf) -> None:
    del shelf.offered["1-0"]["1/0/2"]
    assert shelf.release() == ["1-0: gone 1/0/2"]


def test_a_role_near_its_end_is_asked_to_be_signed_anew(shelf: Shelf) -> None:
    near = DAY + timedelta(days=340)
    request = prepare("a3", shelf.repository, shelf.plan, shelf.offered, near)
    assert set(request.roles) == {"targets", "1-0", "1-1", "w"}
    assert "1-1 2: the same, for longer" in request.says


def test_a_refresh_makes_only_a_new_timestamp(shelf: Shelf) -> None:
    before = dict(shelf.repository.files)
    shelf.release(DAY + timedelta(days=20))
    changed = {name for name, data in shelf.repository.files.items() if before.get(name) != data}
    assert changed == {"timestamp.json"}
    assert shelf.repository.roles["timestamp"].signed.version == 2


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
