"""Signing keys: made, kept under a passphrase, named by their fingerprint.

A private key is an Ed25519 key in OpenSSH's own file format, encrypted under a key derived from the
passphrase by bcrypt; `ssh-keygen -p` changes the passphrase. A public key is TUF's JSON. A private
key is never printed and never written anywhere but to its own file.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    load_ssh_private_key,
)
from securesystemslib.signer import CryptoSigner, Key, SSlibKey

from bojagi.errors import KeyFileError

BCRYPT_ROUNDS: Final = 32
"""About half a second for each guess on a laptop of 2026."""
PASSPHRASE_CHARACTERS: Final = 16
"""The least a passphrase may have: four plain words, or more."""
_GROUP: Final = 4
_SHOWN: Final = 24


def make_key(passphrase: str) -> tuple[bytes, Key]:
    """Make a key.

    Args:
        passphrase: at least `PASSPHRASE_CHARACTERS` long.

    Returns:
        The private key's file, and the public key.

    Raises:
        KeyFileError: when the passphrase is too short.
    """
    refuse_short(passphrase)
    private = Ed25519PrivateKey.generate()
    encryption = (
        PrivateFormat.OpenSSH.encryption_builder()
        .kdf_rounds(BCRYPT_ROUNDS)
        .build(_passphrase_bytes(passphrase))
    )
    kept = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encryption)
    return kept, SSlibKey.from_crypto(private.public_key())


def refuse_short(passphrase: str) -> None:
    """Raise `KeyFileError` for a passphrase that somebody could guess by trying."""
    characters = len(unicodedata.normalize("NFC", passphrase))
    if characters < PASSPHRASE_CHARACTERS:
        raise KeyFileError(
            f"a passphrase of {characters} characters; "
            f"expected at least {PASSPHRASE_CHARACTERS}, such as four words"
        )


def load_signer(kept: bytes, passphrase: str) -> CryptoSigner:
    """Open a private key's file.

    Raises:
        KeyFileError: when the passphrase is wrong, or it isn't such a file.
    """
    try:
        private = load_ssh_private_key(kept, _passphrase_bytes(passphrase))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError("the passphrase doesn't open this key, or it isn't a key") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError("a key of another kind; expected Ed25519")
    return CryptoSigner(private)


def public_text(key: Key) -> str:
    """Write a public key as the file that others add."""
    return json.dumps({"keyid": key.keyid, **key.to_dict()}, indent=1, sort_keys=True) + "\n"


def load_public(text: str) -> Key:
    """Read a public key's file.

    Raises:
        KeyFileError: when it isn't one, or its name isn't made from its own bytes.
    """
    try:
        fields = json.loads(text)
        named = fields.pop("keyid")
        key = Key.from_dict(named, fields)
        made = SSlibKey.from_crypto(_ed25519(key))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KeyFileError("not a public key's file; expected what 'keys public' prints") from error
    if made.keyid != named:
        raise KeyFileError("the key's name isn't made from the key; somebody may have changed it")
    return made


def _passphrase_bytes(passphrase: str) -> bytes:
    """Encode a passphrase the same way on every keyboard: Hangul may come decomposed."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8")


def _ed25519(key: Key) -> Ed25519PublicKey:
    if (key.keytype, key.scheme) != ("ed25519", "ed25519"):
        raise ValueError(key.keytype)
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"]))


def fingerprint(key_id: str) -> str:
    """Return a key's name as two people read it to each other: six groups of four."""
    return " ".join(key_id[at : at + _GROUP] for at in range(0, _SHOWN, _GROUP))
