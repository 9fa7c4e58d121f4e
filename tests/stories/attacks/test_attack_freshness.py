"""Frozen trees and wrong clocks: strict refuses them, a stick without a network grades them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pytest
from tests.stories.attacks.repository import NOW, Repository, open_client, refusal, refusal_of

from bojagi.domain.verdicts import Verdict

ROLES: Final = ("root", "timestamp", "snapshot", "targets")
TEN_YEARS: Final = timedelta(days=3652)
PAST: Final = NOW - timedelta(days=1)


def _expire(repository: Repository, role: str, day: datetime = PAST) -> None:
    repository.signed[role].expires = day
    repository.publish("root", "targets", "snapshot", "timestamp")


@pytest.mark.parametrize("role", ROLES)
def test_strict_refuses_what_expired(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    _expire(repository, role)
    assert refusal(repository, memory) is Verdict.OLD


@pytest.mark.parametrize("role", ROLES)
def test_offline_names_what_expired_and_content_still_verifies(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    info = repository.add("1/0/7", "보따리".encode())
    _expire(repository, role)
    client = open_client(repository, memory, strict=False)
    assert dict(client.trusted.expired) == {role: PAST}
    assert client.content(info) == "보따리".encode()


@pytest.mark.parametrize("role", ROLES)
def test_offline_still_refuses_expired_metadata_that_nobody_signed(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.signed[role].expires = PAST
    for each in ("root", "targets", "snapshot", "timestamp"):
        repository.signed[each].version += 1
        repository.write(each, (lambda m: m.signatures.clear()) if each == role else None)
    assert refusal(repository, memory, strict=False) is Verdict.NOT_OURS


def test_an_expired_pinned_root_may_lead_to_a_root_of_today() -> None:
    repository = Repository()
    tomorrow = repository.root.expires
    repository.root.expires = PAST
    repository.write("root")
    memory = repository.pinned
    repository.root.expires = tomorrow
    repository.publish("root")
    assert not open_client(repository, memory).trusted.expired


def test_a_timestamp_that_was_seen_and_expired_gives_way_to_the_next() -> None:
    repository = Repository()
    memory = repository.pinned
    day = repository.timestamp.expires
    repository.timestamp.expires = PAST
    repository.write("timestamp")
    assert open_client(repository, memory, strict=False).trusted.expired
    repository.timestamp.expires = day
    repository.publish("timestamp")
    assert not open_client(repository, memory).trusted.expired


def test_strict_refuses_a_repository_frozen_at_what_was_seen() -> None:
    repository = Repository()
    memory = repository.pinned
    open_client(repository, memory)
    assert refusal(repository, memory, NOW + timedelta(days=31)) is Verdict.OLD


def test_an_expired_publisher_is_refused_in_strict_and_named_offline() -> None:
    repository = Repository()
    repository.delegate("1-0", ["1/0/*"])
    repository.add("1/0/7", b"1", "1-0")
    repository.role("1-0").expires = PAST
    repository.release_all()
    assert refusal_of(open_client(repository, repository.pinned), "1/0/7") is Verdict.OLD
    client = open_client(repository, repository.pinned, strict=False)
    assert client.find("1/0/7") is not None
    assert dict(client.trusted.expired) == {"1-0": PAST}


def test_a_clock_ten_years_ahead_shows_content_as_old_and_never_as_forged() -> None:
    repository = Repository()
    info = repository.add("1/0/7", b"1")
    repository.release("targets")
    assert refusal(repository, repository.pinned, NOW + TEN_YEARS) is Verdict.OLD
    client = open_client(repository, repository.pinned, NOW + TEN_YEARS, strict=False)
    assert set(client.trusted.expired) == set(ROLES)
    assert client.content(info) == b"1"


@pytest.mark.parametrize("strict", [False, True])
def test_a_clock_ten_years_behind_believes_what_is_signed_and_nothing_else(*, strict: bool) -> None:
    repository = Repository()
    memory = repository.pinned
    early = NOW - TEN_YEARS
    repository.release("targets")
    assert not open_client(repository, memory, early, strict=strict).trusted.expired
    repository.snapshot.version = 1
    repository.write("snapshot")
    repository.publish("timestamp")
    assert refusal(repository, memory, early, strict=strict) is Verdict.OLDER_THAN_YOURS
