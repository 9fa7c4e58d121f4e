"""A folder of keys on one person's machine: for signing, and of sealed shelves.

    <name>.key      a private key (OpenSSH's format, encrypted; see `trust.keys`)
    <name>.pub      its public side, which others add to a plan
    <code>.shelf    the key of a sealed shelf, sealed under a passphrase

It is never where pages are served: the verbs refuse a folder inside the data folder's trees.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from securesystemslib.signer import CryptoSigner, Key

from bojagi.disk import write_whole
from bojagi.domain.verdicts import TrustError
from bojagi.errors import AnotherKeyError, KeyFileError
from bojagi.trust.keys import load_public, load_signer, make_key, public_text, refuse_short
from bojagi.trust.sealing import SALT_BYTES, open_with_passphrase, seal_with_passphrase
from bojagi.trust.shelf_key import SECRET_BYTES, ShelfKey

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PRIVATE: Final = ".key"
_PUBLIC: Final = ".pub"
_SHELF: Final = ".shelf"
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class Keyring:
    """One person's keys.

    Raises:
        KeyFileError: when the folder is one that is served.
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path, served: Path) -> Keyring:
        """Open a folder of keys.

        Args:
            folder: where the keys are.
            served: the folder of the trees; keys in it could be fetched by anybody.
        """
        if folder.resolve().is_relative_to(served.resolve()):
            raise KeyFileError(f"{folder} is where pages are served; keep keys anywhere but there")
        return cls(folder)

    def make(self, name: str, passphrase: str) -> Key:
        """Make a signing key and keep both sides of it.

        Raises:
            KeyFileError: for a name that is taken or isn't one, or a passphrase that is too short.
        """
        private, public = self._path(name, _PRIVATE), self._path(name, _PUBLIC)
        if private.exists() or public.exists():
            raise KeyFileError(f"there is a key {name!r} in {self.folder} already")
        kept, key = make_key(passphrase)
        write_whole(private, kept, mode=_OWNER_ONLY)
        write_whole(public, public_text(key).encode("utf-8"))
        return key

    def names(self) -> list[str]:
        """Return the names of the signing keys."""
        return sorted(path.stem for path in self.folder.glob(f"*{_PRIVATE}"))

    def public(self, name: str) -> Key:
        """Return a key's public side.

        Raises:
            KeyFileError: when there is none of that name.
        """
        return load_public(self._read(name, _PUBLIC).decode("utf-8", "replace"))

    def signer(self, name: str, passphrase: str) -> CryptoSigner:
        """Open a signing key.

        Raises:
            KeyFileError: when there is none of that name, or the passphrase is wrong.
        """
        return load_signer(self._read(name, _PRIVATE), passphrase)

    def make_shelf_key(self, code: str, passphrase: str) -> ShelfKey:
        """Make a new key of a sealed shelf; one that was there before is replaced.

        Raises:
            KeyFileError: when the passphrase is too short.
        """
        key = ShelfKey(secrets.token_bytes(SECRET_BYTES))
        self.keep_shelf_key(code, key, passphrase)
        return key

    def keep_shelf_key(self, code: str, key: ShelfKey, passphrase: str) -> None:
        """Keep a shelf key that was given in person; raises as `make_shelf_key` does."""
        refuse_short(passphrase)
        sealed = seal_with_passphrase(key.secret, passphrase, secrets.token_bytes(SALT_BYTES))
        write_whole(self._path(code, _SHELF), sealed, mode=_OWNER_ONLY)

    def has_shelf_key(self, code: str) -> bool:
        """Whether a shelf's key is here."""
        return self._path(code, _SHELF).exists()

    def shelf_key(self, code: str, passphrase: str) -> ShelfKey:
        """Open a shelf's key.

        Raises:
            KeyFileError: when it isn't here, or the passphrase is wrong.
        """
        try:
            raw = self._read(code, _SHELF)
            return ShelfKey(open_with_passphrase(raw, passphrase, SECRET_BYTES))
        except (TrustError, AnotherKeyError) as error:
            raise KeyFileError(f"the passphrase doesn't open the key of shelf {code}") from error

    def _read(self, name: str, ending: str) -> bytes:
        path = self._path(name, ending)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise KeyFileError(f"there is no {path.name} in {self.folder}") from error
        except OSError as error:
            raise KeyFileError(f"{path} can't be read: {error.strerror}") from error

    def _path(self, name: str, ending: str) -> Path:
        if not _NAME.fullmatch(name):
            raise KeyFileError(f"{name!r} is no name for a key; expected a-z, 0-9 and '-'")
        return self.folder / f"{name}{ending}"
