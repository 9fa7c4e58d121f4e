"""The key of a sealed shelf, as it is said and shown from person to person."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bojagi.errors import KeyFileError
from bojagi.trust.shelf_key import ShelfKey, opened_form, published_form

KEY = ShelfKey(bytes(range(16)))
WORDS = KEY.words().split()


@given(st.binary(min_size=16, max_size=16), st.sampled_from(["ko", "en"]))
def test_a_key_comes_back_from_its_words_and_from_its_text(secret: bytes, language: str) -> None:
    key = ShelfKey(secret)
    assert len(key.words(language).split()) == 12
    assert ShelfKey.from_words(key.words(language)) == key
    assert ShelfKey.from_text(key.text()) == key


def test_words_are_whole_hangul_and_decomposed_ones_are_read_too() -> None:
    assert unicodedata.is_normalized("NFC", KEY.words())
    decomposed = unicodedata.normalize("NFD", KEY.words())
    assert ShelfKey.from_words(f"  {decomposed}\n") == KEY
    assert ShelfKey.from_words(KEY.words("en").upper()) == KEY


@pytest.mark.parametrize("place", range(12))
def test_a_word_that_is_not_on_the_list_is_named_by_its_place(place: int) -> None:
    said = [*WORDS[:place], "보따리", *WORDS[place + 1 :]]
    with pytest.raises(KeyFileError, match=f"word {place + 1} isn't on the list"):
        ShelfKey.from_words(" ".join(said))


def test_most_slips_of_the_tongue_are_noticed() -> None:
    noticed = 0
    for place in range(12):
        for other in set(WORDS):
            said = [*WORDS[:place], other, *WORDS[place + 1 :]]
            if said == WORDS:
                continue
            try:
                assert ShelfKey.from_words(" ".join(said)) != KEY
            except KeyFileError as refused:
                noticed += "together they are no key" in str(refused)
    assert noticed > 100


@pytest.mark.parametrize("said", ["", "하나", " ".join(WORDS[:11]), " ".join([*WORDS, "가격"])])
def test_too_few_or_too_many_words_are_counted(said: str) -> None:
    with pytest.raises(KeyFileError, match="expected the 12 words"):
        ShelfKey.from_words(said)


def test_words_of_no_list_are_told_apart_from_a_slip() -> None:
    with pytest.raises(KeyFileError, match="none of these words"):
        ShelfKey.from_words("가나 " * 12)


@pytest.mark.parametrize("text", ["", "A", "글", "1" * 29, KEY.text()[:-1], KEY.text() + "A"])
def test_a_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(KeyFileError):
        ShelfKey.from_text(text)


def test_a_misread_letter_of_a_qr_code_is_noticed() -> None:
    for place, letter in enumerate(KEY.text()[:26]):
        other = "A" if letter != "A" else "B"
        with pytest.raises(KeyFileError):
            ShelfKey.from_text(KEY.text()[:place] + other + KEY.text()[place + 1 :])


def test_a_qr_picture_carries_nothing_but_its_code() -> None:
    picture = Image.open(BytesIO(KEY.qr_picture()))
    assert picture.format == "PNG"
    assert picture.info.keys() <= {"transparency"}
    assert min(picture.size) > 200
    assert KEY.qr_lines().count("\n") > 10


def test_a_key_never_shows_itself_by_accident() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)
    assert KEY.name != ShelfKey(bytes(16)).name


def test_a_secret_of_another_length_is_no_key() -> None:
    with pytest.raises(KeyFileError, match="expected 16"):
        ShelfKey(bytes(32))


def test_an_open_shelf_publishes_what_it_has_and_a_sealed_one_does_not() -> None:
    raw = "추위".encode()
    assert published_form(raw, None) == opened_form(raw, None) == raw
    assert published_form(raw, KEY) != raw
    assert opened_form(published_form(raw, KEY), KEY) == raw
