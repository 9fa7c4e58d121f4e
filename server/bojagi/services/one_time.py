"""One-time codes: what a phone shares with the studio, and codes on paper for when it is lost.

What always holds:

- The shared secret is kept sealed under the password. Who holds the database, and not the password,
  makes no code.
- A code is taken once: not the same again, and none that is older (RFC 6238, section 5.2).
"""

from __future__ import annotations

import secrets
from base64 import b32decode, b32encode, b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Final

import pyotp
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

RECOVERY_CODES: Final = 8
ROUNDS: Final = 2
MEMORY_KIB: Final = 32 * 1024
"""argon2id, for this and for passwords: about 50 ms here; OWASP asks for 19 MiB, two rounds."""

_STEP_SECONDS: Final = 30
_AROUND: Final = (-1, 0, 1)
"""Steps beside the present one that are taken, because clocks differ and people type slowly."""
_SALT_BYTES: Final = 12
_NONCE: Final = bytes(12)
"""Each key seals one secret: its salt is new every time."""


def new_secret() -> str:
    """Return a new shared secret, in the letters that phones take."""
    return pyotp.random_base32()


def seal(secret: str, password: str) -> str:
    """Seal a shared secret under a password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    sealed = AESGCM(_key(password, salt)).encrypt(_NONCE, b32decode(secret), None)
    return b64encode(salt + sealed).decode("ascii")


def unseal(kept: str | None, password: str) -> str | None:
    """Return a shared secret; None under another password, or when there is none.

    It takes as long in either case.
    """
    raw = b64decode(kept) if kept else bytes(_SALT_BYTES)
    key = _key(password, raw[:_SALT_BYTES])
    try:
        secret = AESGCM(key).decrypt(_NONCE, raw[_SALT_BYTES:], None)
    except (InvalidTag, ValueError):
        return None
    return b32encode(secret).decode("ascii")


def step_of(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """Return the step that a code belongs to; None for a wrong, old or used one.

    Args:
        secret: the shared secret.
        code: as it was typed, without spaces.
        now: the time.
        after: the step that was used last.
    """
    present = int(now.timestamp()) // _STEP_SECONDS
    if after is None or after > present + max(_AROUND):  # the clock was wrong then
        after = 0
    for step in (present + each for each in _AROUND):
        right = pyotp.TOTP(secret).generate_otp(step)
        if compare_digest(right.encode(), code.encode()) and step > after:
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return codes to write down: 64 bits each, so that a digest is enough to keep."""
    codes = [secrets.token_hex(8) for _ in range(RECOVERY_CODES)]
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def recovery_digest(code: str) -> str:
    """Return what is kept of a recovery code, however it was typed."""
    return sha256("".join(code.lower().replace("-", "").split()).encode("utf-8")).hexdigest()


def _key(password: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        password.encode("utf-8"), salt, ROUNDS, MEMORY_KIB, parallelism=1, hash_len=32, type=Type.ID
    )
