"""Demo keys: everybody has them. They sign a demo by themselves, and prove nothing.

They are made from words that stand here and the code of their shelf, so that no two shelves share
one. Every demo root also names one key that all demos share: whoever meets it knows that anybody
could have signed what the root vouches for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from string import ascii_lowercase
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, Key
from tuf.api.metadata import Root

from bojagi.trust.plan import Plan, Publisher, RoleKeys
from bojagi.trust.shelf_key import SECRET_BYTES, ShelfKey

_WORDS: Final = "bojagi demo: everybody has this key"


def _signer(name: str) -> CryptoSigner:
    seed = sha256(f"{_WORDS} {name}".encode()).digest()
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(seed))


MARK: Final = _signer("mark")
"""Has a say in the root of every demo."""


@dataclass(frozen=True)
class DemoKeys:
    """The keys of one demo shelf."""

    shelf: str

    def _signers(self, role: str, count: int) -> tuple[CryptoSigner, ...]:
        return tuple(_signer(f"{self.shelf} {role} {number}") for number in range(count))

    @cached_property
    def root(self) -> tuple[CryptoSigner, ...]:
        """The keys of the root, the mark of all demos among them."""
        return (MARK, *self._signers("root", 2))

    @cached_property
    def targets(self) -> tuple[CryptoSigner, ...]:
        """The keys of the targets."""
        return self._signers("targets", 3)

    @cached_property
    def publisher(self) -> tuple[CryptoSigner, ...]:
        """The keys of every publisher."""
        return self._signers("publisher", 2)

    @cached_property
    def reviewer(self) -> CryptoSigner:
        """The key that calls editions back."""
        return self._signers("reviewer", 1)[0]

    @cached_property
    def online(self) -> tuple[CryptoSigner, CryptoSigner]:
        """The keys of the snapshot and of the timestamp."""
        snapshot, timestamp = self._signers("online", 2)
        return snapshot, timestamp

    @property
    def offline(self) -> tuple[CryptoSigner, ...]:
        """Those whose signatures a release needs."""
        return (*self.root[:2], *self.targets[:2], *self.publisher, self.reviewer)

    @property
    def key_ids(self) -> frozenset[str]:
        """The names of all of them."""
        everybody = (*self.root, *self.targets, *self.publisher, self.reviewer, *self.online)
        return frozenset(signer.public_key.keyid for signer in everybody)

    @property
    def shelf_key(self) -> ShelfKey:
        """The key that the shelf is sealed under, if it is."""
        return ShelfKey(sha256(f"{_WORDS} shelf {self.shelf}".encode()).digest()[:SECRET_BYTES])

    def plan(self, publishers: tuple[str, ...], locales: int) -> Plan:
        """Return the plan of the shelf: the same keys for every organisation."""

        def keys(*signers: CryptoSigner) -> tuple[Key, ...]:
            return tuple(signer.public_key for signer in signers)

        snapshot, timestamp = self.online
        return Plan(
            root=RoleKeys(keys(*self.root), 2),
            targets=RoleKeys(keys(*self.targets), 2),
            snapshot=RoleKeys(keys(snapshot)),
            timestamp=RoleKeys(keys(timestamp)),
            withdrawals=RoleKeys(keys(self.reviewer)),
            publishers=tuple(
                Publisher(number, locales, RoleKeys(keys(*self.publisher), 2), name)
                for number, name in enumerate(publishers, 1)
            ),
        )


def demo_shelf_keys() -> Iterator[ShelfKey]:
    """Yield the keys of demo shelves whose codes are as short as ours."""
    for letter in ascii_lowercase:
        for number in range(10):
            yield DemoKeys(f"{letter}{number}").shelf_key


def is_demo(root: Root) -> bool:
    """Whether the demos' own key has a say in a root: then anybody could sign below it."""
    mark = MARK.public_key.keyval["public"]
    return any(key.keyval.get("public") == mark for key in root.keys.values())
