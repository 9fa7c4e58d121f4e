"""Who may sign what on a shelf: the plan that root and targets are made from.

    root, targets           2 of 3, offline, different people
    publishers              each its own roles, one for each locale; none can sign another's paths
    withdrawals             1 of n, each safety reviewer
    snapshot, timestamp     1 each, on the studio's host, never on the public one

What always holds: no role counts one key twice, and role names and paths are numbers that say
nothing of who or what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from securesystemslib.signer import Key
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Role,
    Root,
    Snapshot,
    Targets,
    Timestamp,
)

from bojagi.errors import InvalidValueError

WITHDRAWALS: Final = "w"
"""The role that can only call editions back, and the folder of its paths."""

LIFETIMES: Final[Mapping[str, timedelta]] = {
    Root.type: timedelta(days=730),
    Targets.type: timedelta(days=365),
    WITHDRAWALS: timedelta(days=365),
    Snapshot.type: timedelta(days=365),
    Timestamp.type: timedelta(days=60),
}
"""How long metadata of a role lasts; a publisher's role lasts as long as targets."""


@dataclass(frozen=True)
class RoleKeys:
    """The keys of one role and how many of them must sign."""

    keys: tuple[Key, ...]
    threshold: int = 1

    def __post_init__(self) -> None:
        """Refuse a role that nobody can sign, or that counts one key twice."""
        if len({str(key.keyval.get("public")) for key in self.keys}) != len(self.keys):
            raise InvalidValueError("keys of a role", len(self.keys), "each key once")
        if not 1 <= self.threshold <= len(self.keys):
            raise InvalidValueError("threshold", self.threshold, f"1 to {len(self.keys)}")

    @property
    def ids(self) -> list[str]:
        """The names of the keys."""
        return [key.keyid for key in self.keys]


@dataclass(frozen=True)
class Publisher:
    """One of the organisations that publish on a shelf.

    Attributes:
        number: its number on the shelf, for ever; its paths and role names begin with it.
        locales: how many locales the shelf has; each is a role of its own.
        name: as packs name their publisher; it stands in no metadata.
    """

    number: int
    locales: int
    keys: RoleKeys
    name: str = ""


@dataclass(frozen=True)
class Plan:
    """Who may sign what on one shelf."""

    root: RoleKeys
    targets: RoleKeys
    snapshot: RoleKeys
    timestamp: RoleKeys
    withdrawals: RoleKeys
    publishers: tuple[Publisher, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse two publishers of one number."""
        numbers = [publisher.number for publisher in self.publishers]
        if len(set(numbers)) != len(numbers):
            raise InvalidValueError("publisher number", numbers, "each number once")

    def role_names(self) -> tuple[str, ...]:
        """Return the names of the publishers' roles."""
        return tuple(
            role_name(publisher.number, place)
            for publisher in self.publishers
            for place in range(publisher.locales)
        )

    def make_root(self, version: int, now: datetime) -> Root:
        """Return the root that names the top-level roles' keys, unsigned."""
        roles = {
            Root.type: self.root,
            Targets.type: self.targets,
            Snapshot.type: self.snapshot,
            Timestamp.type: self.timestamp,
        }
        return Root(
            version=version,
            expires=now + LIFETIMES[Root.type],
            keys={key.keyid: key for role in roles.values() for key in role.keys},
            roles={name: Role(role.ids, role.threshold) for name, role in roles.items()},
            consistent_snapshot=True,
        )

    def make_targets(self, version: int, now: datetime) -> Targets:
        """Return the top-level targets, which only delegate, unsigned."""
        roles: dict[str, DelegatedRole] = {}
        keys: dict[str, Key] = {}
        for publisher in self.publishers:
            for place in range(publisher.locales):
                name = role_name(publisher.number, place)
                roles[name] = _delegated(name, publisher.keys, f"{publisher.number}/{place}/*")
            keys.update({key.keyid: key for key in publisher.keys.keys})
        roles[WITHDRAWALS] = _delegated(WITHDRAWALS, self.withdrawals, f"{WITHDRAWALS}/*")
        keys.update({key.keyid: key for key in self.withdrawals.keys})
        return Targets(
            version=version,
            expires=now + LIFETIMES[Targets.type],
            delegations=Delegations(keys, roles),
        )


def role_name(publisher: int, place: int) -> str:
    """Return the opaque name of a publisher's role for the locale at a place of its shelf."""
    return f"{publisher}-{place}"


def target_path(publisher: int, place: int, number: int) -> str:
    """Return the opaque path of an edition: publisher, place of its locale, number of its pack."""
    return f"{publisher}/{place}/{number}"


def _delegated(name: str, keys: RoleKeys, path: str) -> DelegatedRole:
    return DelegatedRole(name, keys.ids, keys.threshold, terminating=True, paths=[path])
