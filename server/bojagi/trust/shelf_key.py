"""The key of a sealed shelf: sixteen random bytes, given in person as words or as a QR code.

Words are those of BIP-39 (2,048 words and a checksum, so that a slip of the tongue is noticed), in
Korean or English; either opens the shelf. Whoever has the key reads everything sealed under it, for
ever: a lost key is answered by a new one, which protects what is published from then on and nothing
before.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Final

import segno
from mnemonic import Mnemonic

from bojagi.errors import KeyFileError
from bojagi.trust.sealing import key_id, open_sealed, seal

SECRET_BYTES: Final = 16
WORD_LISTS: Final = {"ko": "korean", "en": "english"}
EDITION_BYTES: Final = 4 * 1024 * 1024
"""The most an edition may weigh when it is opened; budgets are far below."""
_CHECK_BYTES: Final = 2


@dataclass(frozen=True)
class ShelfKey:
    """The key of one sealed shelf.

    Raises:
        KeyFileError: when the secret has another length.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a secret of another length."""
        if len(self.secret) != SECRET_BYTES:
            raise KeyFileError(f"a shelf key of {len(self.secret)} bytes; expected {SECRET_BYTES}")

    @property
    def name(self) -> str:
        """What tells it from another key and says nothing else of it: two groups of four."""
        shown = key_id(self.secret).hex()[:8]
        return f"{shown[:4]} {shown[4:]}"

    def words(self, language: str = "ko") -> str:
        """Return it as twelve words."""
        return unicodedata.normalize("NFC", _list(language).to_mnemonic(self.secret))

    @classmethod
    def from_words(cls, words: str) -> ShelfKey:
        """Read it from its words, in Korean or English, decomposed or not.

        Raises:
            KeyFileError: when a word isn't on the list, one is missing, or the checksum is off.
        """
        given = unicodedata.normalize("NFKD", words).lower().split()
        if len(given) != 12:  # noqa: PLR2004 - 128 bits and a checksum of 4, 11 a word
            raise KeyFileError(f"{len(given)} words; expected the 12 words of a shelf key")
        for language in WORD_LISTS:
            known = _list(language)
            strange = [place for place, word in enumerate(given, 1) if word not in known.wordlist]
            if len(strange) == len(given):
                continue
            if strange:
                raise KeyFileError(f"word {strange[0]} isn't on the list of words; listen again")
            try:
                return cls(bytes(known.to_entropy(given)))
            except ValueError as error:
                raise KeyFileError(
                    "each word is on the list, but together they are no key: one of them, or "
                    "their order, is wrong"
                ) from error
        raise KeyFileError("none of these words is on the list of words of shelf keys")

    def text(self) -> str:
        """Return it as the text of its QR code: 29 letters and digits, a checksum among them."""
        whole = self.secret + sha256(self.secret).digest()[:_CHECK_BYTES]
        return base64.b32encode(whole).decode("ascii").rstrip("=")

    @classmethod
    def from_text(cls, text: str) -> ShelfKey:
        """Read it from the text of its QR code.

        Raises:
            KeyFileError: when it isn't one, or was read wrong.
        """
        letters = "".join(text.split()).upper()
        try:
            whole = base64.b32decode(letters + "=" * (-len(letters) % 8))
        except (binascii.Error, ValueError) as error:
            raise KeyFileError("not the text of a shelf key's QR code") from error
        secret, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
        if len(secret) != SECRET_BYTES or sha256(secret).digest()[:_CHECK_BYTES] != check:
            raise KeyFileError("the text of this QR code was read wrong, or isn't a shelf key's")
        return cls(secret)

    def qr_picture(self) -> bytes:
        """Return its QR code as a PNG without any mark but the code."""
        target = BytesIO()
        segno.make(self.text(), error="m", micro=False).save(target, kind="png", scale=8, border=4)
        return target.getvalue()

    def qr_lines(self) -> str:
        """Return its QR code as lines for a terminal."""
        target = StringIO()
        segno.make(self.text(), error="m", micro=False).terminal(target, compact=True)
        return target.getvalue()


def published_form(raw: bytes, key: ShelfKey | None) -> bytes:
    """Return an edition's bytes as its shelf publishes them: sealed, if the shelf has a key."""
    return seal(raw, key.secret) if key else raw


def opened_form(content: bytes, key: ShelfKey | None) -> bytes:
    """Return an edition's own bytes; raises as `sealing.open_sealed` does."""
    return open_sealed(content, key.secret, EDITION_BYTES) if key else content


@cache
def _list(language: str) -> Mnemonic:
    return Mnemonic(WORD_LISTS[language])
