"""Readings beside the attack stories: what JavaScript might take for something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from tests.stories.attacks import repository as attacked

from bojagi.domain.verdicts import TrustError
from bojagi.trust.client import Client

ClientMaker = Callable[..., Client]
"""`Client`, or what records it."""


def readings(make_client: ClientMaker) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield scenes of one client's: odd names, and metadata that only looks whole."""
    for role in ("__proto__", "constructor", "hasOwnProperty", "10", "가", "\ufffd😀", "a!'()*b"):
        for target in ("__proto__", "constructor", "x", "😀"):
            yield f"names: {target} by {role}", partial(_odd_names, make_client, role, target)
    twice = partial(_bent_metadata, make_client, "targets", (b'"B"', b'"A"'))
    yield "two delegations to one name", twice
    for day in (
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-12-23T09:00:60Z",
        "0000-01-01T00:00:00Z",
        "2026-12-23T09:00:00",
        "2026-12-23T09:00:00+00:00",
        "2026-12-23T09:00:00.5Z",
        "2026-12-23",
        "+002026-12-23T09:00:00Z",
        "2027-12-23T09:00:00Z",
    ):
        change = (b"2026-12-23T09:00:00Z", day.encode())
        yield f"expires on {day}", partial(_bent_metadata, make_client, "timestamp", change)


def _odd_names(make_client: ClientMaker, role: str, target: str) -> None:
    """Read by names that mean something to JavaScript, or sort otherwise there."""
    repository = attacked.Repository()
    for name in (role, f"{role}2"):
        repository.delegate(name, [f"{name}/*", "*"])
        info = repository.add(target, name.encode(), name)
        info.unrecognized_fields["custom"] = {"\ufffd": 1, "😀": [role], "__proto__": {}}
    repository.release_all()
    client = make_client(repository, repository.pinned, attacked.NOW, strict=True)
    client.refresh()
    for wanted in (target, f"{role}2/x", "toString", "__proto__"):
        found = client.find(wanted)
        if found is not None:
            client.content(found)


def _bent_metadata(make_client: ClientMaker, role: str, change: tuple[bytes, bytes]) -> None:
    """Read a repository with one role's bytes replaced, under its old signatures."""
    repository = attacked.Repository()
    for name in ("A", "B"):
        repository.delegate(name)
    repository.release_all()
    path = repository.current(role)
    assert change[0] in repository.files[path]
    repository.files[path] = repository.files[path].replace(*change)
    client = make_client(repository, repository.pinned, attacked.NOW, strict=True)
    with suppress(TrustError):
        client.refresh()
