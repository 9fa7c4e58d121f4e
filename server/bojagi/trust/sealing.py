"""Sealing: what a shelf above `sensitive` publishes, and what travels there, under its key.

    sealed       1 | key id (8) | salt (32) | AES-256-GCM of the packed content, head bound in
    by words     2 | salt (16)  | sealed, under a key made from a passphrase
    packed       length (4) | raw DEFLATE (RFC 1951) of the content | zeros

What always holds:

- The same content under the same key gives the same bytes: the salt is a keyed digest of the
  content, and the key of each content is made from it (HKDF, RFC 5869). So a tree can be built
  again without being signed again, and no nonce is ever used twice.
- What is sealed weighs a multiple of `BLOCK_BYTES`: its size names no pack.
- Nothing in it names a shelf, a publisher or this program; the key id only tells that a key is
  another one.
"""

from __future__ import annotations

import hmac
import unicodedata
import zlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import AnotherKeyError, InvalidValueError

BLOCK_BYTES: Final = 4096
PASSPHRASE_ROUNDS: Final = 600_000
"""Of PBKDF2-HMAC-SHA256, which browsers have built in (OWASP, 2023)."""
SALT_BYTES: Final = 16
"""Of the salt beside a passphrase."""

_BY_KEY: Final = b"\x01"
_BY_WORDS: Final = b"\x02"
_KEY_ID: Final = 8
_DIGEST: Final = 32
_HEAD: Final = len(_BY_KEY) + _KEY_ID + _DIGEST
_TAG: Final = 16
_NONCE: Final = bytes(12)
_LENGTH: Final = 4


def seal(content: bytes, secret: bytes) -> bytes:
    """Seal content under a secret.

    Args:
        content: what is to be sealed.
        secret: the shelf key's secret, or what a passphrase gave; at least 16 bytes.
    """
    packed = _pack(content)
    mac = hmac.digest(_derive(secret, b"", "mac", _DIGEST), packed, "sha256")
    head = _BY_KEY + key_id(secret) + mac
    return head + AESGCM(_derive(secret, mac, "key", _DIGEST)).encrypt(_NONCE, packed, head)


def open_sealed(sealed: bytes, secret: bytes, limit: int) -> bytes:
    """Open what `seal` made.

    Args:
        sealed: the sealed bytes.
        secret: the secret they were sealed under.
        limit: the most the content may weigh, in bytes.

    Raises:
        AnotherKeyError: when they were sealed under another key.
        TrustError: when they are no sealed bytes, were changed, or hold more than the limit.
    """
    if not is_sealed(sealed) or sealed[:1] != _BY_KEY:
        raise TrustError(Verdict.DAMAGED, "not sealed bytes, or not whole")
    head = sealed[:_HEAD]
    if head[1 : 1 + _KEY_ID] != key_id(secret):
        raise AnotherKeyError
    try:
        key = _derive(secret, head[1 + _KEY_ID :], "key", _DIGEST)
        packed = AESGCM(key).decrypt(_NONCE, sealed[_HEAD:], head)
    except InvalidTag as error:
        raise TrustError(Verdict.DAMAGED, "these aren't the bytes that were sealed") from error
    return _unpack(packed, limit)


def seal_with_passphrase(content: bytes, passphrase: str, salt: bytes) -> bytes:
    """Seal content under a passphrase.

    Args:
        content: what is to be sealed.
        passphrase: long, and made of words nobody else would choose.
        salt: `SALT_BYTES` random bytes, new for each file.

    Raises:
        InvalidValueError: for a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise InvalidValueError("salt", f"of {len(salt)} bytes", f"{SALT_BYTES} bytes")
    return _BY_WORDS + salt + seal(content, _secret_of(passphrase, salt))


def open_with_passphrase(sealed: bytes, passphrase: str, limit: int) -> bytes:
    """Open what `seal_with_passphrase` made; raises as `open_sealed` does."""
    if not needs_passphrase(sealed):
        raise TrustError(Verdict.DAMAGED, "not sealed under a passphrase, or not whole")
    salt = sealed[1 : 1 + SALT_BYTES]
    return open_sealed(sealed[1 + SALT_BYTES :], _secret_of(passphrase, salt), limit)


def is_sealed(raw: bytes) -> bool:
    """Whether bytes have the shape of sealed ones, by key or by passphrase."""
    body = raw[1 + SALT_BYTES :] if raw[:1] == _BY_WORDS else raw
    return body[:1] == _BY_KEY and len(body) >= BLOCK_BYTES and len(body) % BLOCK_BYTES == 0


def needs_passphrase(raw: bytes) -> bool:
    """Whether bytes are sealed under a passphrase."""
    return raw[:1] == _BY_WORDS and is_sealed(raw)


def is_same_key(one: bytes, other: bytes) -> bool:
    """Whether two contents are sealed under one key; what isn't sealed is under the same none."""
    heads = [raw[: 1 + _KEY_ID] if is_sealed(raw) else b"" for raw in (one, other)]
    return heads[0] == heads[1]


def key_id(secret: bytes) -> bytes:
    """Return what tells one key from another, and nothing else of it."""
    return _derive(secret, b"", "id", _KEY_ID)


def _derive(secret: bytes, salt: bytes, purpose: str, length: int) -> bytes:
    info = f"bojagi-seal/1 {purpose}".encode("ascii")
    return HKDF(SHA256(), length, salt or None, info).derive(secret)


def _secret_of(passphrase: str, salt: bytes) -> bytes:
    """Make a secret from a passphrase; Hangul may come decomposed from one keyboard or another."""
    words = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    return PBKDF2HMAC(SHA256(), _DIGEST, salt, PASSPHRASE_ROUNDS).derive(words)


def _pack(content: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    length = _LENGTH + len(packed)
    room = -(_HEAD + length + _TAG) % BLOCK_BYTES
    return len(packed).to_bytes(_LENGTH) + packed + bytes(room)


def _unpack(packed: bytes, limit: int) -> bytes:
    end = _LENGTH + int.from_bytes(packed[:_LENGTH])
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed[_LENGTH:end], limit + 1)
    except zlib.error as error:
        raise TrustError(Verdict.DAMAGED, "sealed, but not packed as it must be") from error
    if len(content) > limit:
        raise TrustError(Verdict.DAMAGED, f"it holds more than the {limit} bytes it may")
    if not unpacker.eof or unpacker.unused_data:
        raise TrustError(Verdict.DAMAGED, "sealed, but not whole")
    return content
