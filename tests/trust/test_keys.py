"""Keys: kept under a passphrase, named by their own bytes, never shown."""

from __future__ import annotations

import json
import unicodedata

import pytest

from bojagi.errors import KeyFileError
from bojagi.trust import keys

WORDS = "보따리 하나 둘 셋 넷 다섯 여섯"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BCRYPT_ROUNDS", 1)


def test_a_key_opens_with_its_passphrase_composed_or_not() -> None:
    kept, public = keys.make_key(unicodedata.normalize("NFD", WORDS))
    signer = keys.load_signer(kept, unicodedata.normalize("NFC", WORDS))
    signer.public_key.verify_signature(signer.sign(b"1"), b"1")
    assert signer.public_key.keyid == public.keyid


@pytest.mark.parametrize("passphrase", ["", WORDS + " ", WORDS[:-1]])
def test_another_passphrase_opens_nothing(passphrase: str) -> None:
    kept, _ = keys.make_key(WORDS)
    with pytest.raises(KeyFileError):
        keys.load_signer(kept, passphrase)


@pytest.mark.parametrize("short", ["", "가" * 15, unicodedata.normalize("NFD", "보따리가나다")])
def test_a_short_passphrase_makes_no_key(short: str) -> None:
    with pytest.raises(KeyFileError):
        keys.make_key(short)


def test_a_public_file_comes_back_as_it_went() -> None:
    _, public = keys.make_key(WORDS)
    assert keys.load_public(keys.public_text(public)) == public


def test_a_public_file_that_somebody_changed_is_refused() -> None:
    text = keys.public_text(keys.make_key(WORDS)[1])
    other = keys.make_key(WORDS)[1]
    fields = json.loads(text)
    fields["keyval"]["public"] = other.keyval["public"]
    with pytest.raises(KeyFileError):
        keys.load_public(json.dumps(fields))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"keyid": 1}'])
def test_what_is_no_public_file_is_refused(text: str) -> None:
    with pytest.raises(KeyFileError):
        keys.load_public(text)


def test_two_ways_to_write_a_key_are_one_key() -> None:
    public = keys.make_key(WORDS)[1]
    fields = json.loads(keys.public_text(public))
    fields["keyval"]["public"] = fields["keyval"]["public"].upper()
    assert keys.load_public(json.dumps(fields)) == public


def test_a_private_key_is_never_in_its_text() -> None:
    kept, public = keys.make_key(WORDS)
    signer = keys.load_signer(kept, WORDS)
    private = signer.private_bytes.hex()
    shown = f"{signer!r}{signer}{public!r}{keys.public_text(public)}"
    assert private not in shown
    assert "PRIVATE" not in shown
