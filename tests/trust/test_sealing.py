"""Sealing: the same bytes each time, nothing readable, nothing that opens when it was changed."""

from __future__ import annotations

import unicodedata
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import AnotherKeyError, InvalidValueError
from bojagi.trust import sealing
from bojagi.trust.sealing import (
    BLOCK_BYTES,
    is_sealed,
    key_id,
    needs_passphrase,
    open_sealed,
    open_with_passphrase,
    seal,
    seal_with_passphrase,
)

SECRET = bytes(range(16))
OTHER = bytes(16)
TEXT = "추위에서 몸을 지키기. ".encode() * 400
SALT = b"s" * 16


@given(st.binary(max_size=20_000), st.binary(min_size=16, max_size=32))
def test_what_is_sealed_opens_to_what_it_was(content: bytes, secret: bytes) -> None:
    sealed = seal(content, secret)
    assert open_sealed(sealed, secret, 20_000) == content
    assert is_sealed(sealed)
    assert len(sealed) % BLOCK_BYTES == 0


def test_the_same_content_under_the_same_key_gives_the_same_bytes() -> None:
    assert seal(TEXT, SECRET) == seal(TEXT, SECRET)
    assert seal(TEXT, SECRET) != seal(TEXT + b".", SECRET)
    assert seal(TEXT, SECRET)[9:] != seal(TEXT, OTHER)[9:]


def test_no_two_contents_share_a_key_or_a_salt() -> None:
    one, other = seal(b"a", SECRET), seal(b"b", SECRET)
    assert one[9:41] != other[9:41]
    assert one[:9] == other[:9], "the key's id alone stays"


def test_nothing_of_the_content_can_be_read() -> None:
    sealed = seal(TEXT, SECRET)
    for word in ("추위", "지키기"):
        assert word.encode() not in sealed
    assert TEXT[:8] in open_sealed(sealed, SECRET, len(TEXT)), "the same search finds it opened"
    assert len(zlib.compress(sealed)) > len(sealed) * 0.99, "nothing in it repeats"


def test_sizes_name_no_content() -> None:
    sizes = {len(seal(TEXT[:size], SECRET)) for size in range(0, len(TEXT), 97)}
    assert sizes == {BLOCK_BYTES}


def test_another_key_is_told_apart_from_damage() -> None:
    with pytest.raises(AnotherKeyError, match="another key"):
        open_sealed(seal(TEXT, SECRET), OTHER, len(TEXT))
    assert key_id(SECRET) != key_id(OTHER)
    assert key_id(SECRET) not in SECRET


@settings(max_examples=200)
@given(st.integers(0, BLOCK_BYTES - 1), st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(at: int, bit: int) -> None:
    sealed = bytearray(seal(TEXT, SECRET))
    sealed[at] ^= 1 << bit
    with pytest.raises((TrustError, AnotherKeyError)):
        open_sealed(bytes(sealed), SECRET, len(TEXT))


@pytest.mark.parametrize("cut", [0, 1, 9, 41, 57, BLOCK_BYTES - 1])
def test_a_cut_piece_is_refused(cut: int) -> None:
    with pytest.raises(TrustError) as refused:
        open_sealed(seal(TEXT, SECRET)[:cut], SECRET, len(TEXT))
    assert refused.value.verdict is Verdict.DAMAGED


def test_more_than_the_limit_is_not_unpacked() -> None:
    bomb = seal(bytes(50_000_000), SECRET)
    assert len(bomb) < 100_000
    with pytest.raises(TrustError, match="more than the 1000 bytes"):
        open_sealed(bomb, SECRET, 1000)


@pytest.mark.parametrize("packed", [b"", b"\x00\x00\x00\x04none", b"\x00\x00\xff\xffaa"])
def test_rubbish_sealed_by_somebody_with_the_key_is_refused(
    monkeypatch: pytest.MonkeyPatch, packed: bytes
) -> None:
    room = bytes(BLOCK_BYTES - 57 - len(packed))
    monkeypatch.setattr(sealing, "_pack", lambda _: packed + room)
    sealed = seal(b"", SECRET)
    monkeypatch.undo()
    with pytest.raises(TrustError):
        open_sealed(sealed, SECRET, 1000)


def test_a_passphrase_opens_however_its_hangul_was_typed() -> None:
    words = "네 낱말로 된 암호"
    sealed = seal_with_passphrase(TEXT, words, SALT)
    assert needs_passphrase(sealed)
    assert open_with_passphrase(sealed, unicodedata.normalize("NFD", words), len(TEXT)) == TEXT
    with pytest.raises(AnotherKeyError):
        open_with_passphrase(sealed, "다른 낱말", len(TEXT))


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="16 bytes"):
        seal_with_passphrase(b"", "네 낱말로 된 암호", b"short")


def test_a_key_does_not_open_what_needs_a_passphrase_and_the_other_way_round() -> None:
    by_words = seal_with_passphrase(TEXT, "네 낱말로 된 암호", SALT)
    with pytest.raises(TrustError):
        open_sealed(by_words, SECRET, len(TEXT))
    with pytest.raises(TrustError):
        open_with_passphrase(seal(TEXT, SECRET), "네 낱말로 된 암호", len(TEXT))
