from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.examples import EDITION, EDITION_ARTICLE, SOURCE

from bojagi.domain.edition import FORMAT, SOURCES_SHOWN_TO, Edition, EditionArticle
from bojagi.domain.exposure import Audience, Exposure
from bojagi.domain.locales import EN, KO_KR
from bojagi.domain.pack import Card, CardLine
from bojagi.errors import InvalidValueError

PROJECT: Final = Path(__file__).resolve().parents[2]

EDITION_FIELDS: Final = {
    *("format", "pack", "locale", "version", "audience", "exposure"),
    *("title", "note", "issued", "review_by", "articles"),
}
ARTICLE_FIELDS: Final = {
    *("number", "title", "summary", "html", "checked_on", "review_by", "time_critical", "cards"),
}
SETTLED: Final = replace(
    EDITION,
    audience=Audience.SETTLED,
    locale=KO_KR,
    articles=(replace(EDITION_ARTICLE, sources=(SOURCE,)),),
)
words = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


def read(edition: Edition) -> dict[str, Any]:
    loaded = json.loads(edition.to_bytes())
    assert isinstance(loaded, dict)
    return loaded


def with_article(**changes: Any) -> Edition:  # noqa: ANN401
    return replace(EDITION, articles=(replace(EDITION_ARTICLE, **changes),))


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_the_bytes_hold_exactly_the_fields_of_the_design() -> None:
    loaded = read(EDITION)
    assert loaded["format"] == FORMAT == "bojagi-edition/1"
    assert set(loaded) == EDITION_FIELDS
    assert [set(article) for article in loaded["articles"]] == [ARTICLE_FIELDS]


@pytest.mark.parametrize("audience", Audience)
def test_sources_stand_in_settled_and_staff_editions_only(audience: Audience) -> None:
    assert {str(each) for each in SOURCES_SHOWN_TO} == {"settled", "staff"}
    shows = audience in {"settled", "staff"}
    articles = SETTLED.articles if shows else EDITION.articles
    edition = replace(EDITION, audience=audience, articles=articles)
    assert set(read(edition)["articles"][0]) == ARTICLE_FIELDS | ({"sources"} if shows else set())


def test_a_source_is_shown_as_the_document_names_itself() -> None:
    unread = replace(SOURCE, seen_on=None, to_check="시험할 것")
    edition = replace(SETTLED, articles=(replace(EDITION_ARTICLE, sources=(SOURCE, unread)),))
    shown = {
        "title": "추위에서 일할 때의 건강",
        "issuer": "보건기관",
        "address": "https://health.example",
        "seen_on": "2026-11-23",
    }
    assert read(edition)["articles"][0]["sources"] == [shown, {**shown, "seen_on": None}]


def test_a_card_carries_both_languages_and_its_reading() -> None:
    assert read(EDITION)["articles"][0]["cards"] == [
        {
            "text": "배가 아픕니다",
            "lines": [{"locale": "en", "text": "My stomach hurts.", "reading": "마이 스토먹 허츠"}],
        }
    ]


def test_keys_are_sorted_and_no_white_space_is_spent() -> None:
    for edition in (EDITION, SETTLED):
        text = edition.to_bytes().decode("utf-8")
        again = json.dumps(
            json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        assert text == again
        assert "\n" not in text
        assert "\\u" not in text


def test_decomposed_hangul_gives_the_same_bytes_as_composed() -> None:
    card = EDITION_ARTICLE.cards[0]
    loose = replace(
        EDITION,
        title=decomposed(EDITION.title),
        note=decomposed(EDITION.note),
        articles=(
            replace(
                EDITION_ARTICLE,
                title=decomposed(EDITION_ARTICLE.title),
                summary=decomposed(EDITION_ARTICLE.summary),
                html=decomposed(EDITION_ARTICLE.html),
                cards=(Card(decomposed(card.text), card.lines),),
            ),
        ),
    )
    assert loose != EDITION
    assert loose.to_bytes() == EDITION.to_bytes()
    assert loose.digest == EDITION.digest


@given(words, words, words)
def test_the_bytes_are_always_composed_utf_8_json(title: str, note: str, summary: str) -> None:
    edition = replace(with_article(summary=summary), title=title, note=note)
    text = edition.to_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    loaded = json.loads(text)
    assert loaded["title"] == unicodedata.normalize("NFC", title)
    assert loaded["articles"][0]["summary"] == unicodedata.normalize("NFC", summary)


def test_the_digest_is_the_sha_256_of_the_bytes() -> None:
    assert sha256(EDITION.to_bytes()).hexdigest() == EDITION.digest
    assert len(EDITION.digest) == 64


@pytest.mark.parametrize(
    "other",
    [
        replace(EDITION, pack=2),
        replace(EDITION, locale=EN),
        replace(EDITION, version=4),
        replace(EDITION, audience=Audience.DEPARTED),
        replace(EDITION, exposure=Exposure.SENSITIVE),
        replace(EDITION, title="로동안전 "),
        replace(EDITION, note="이 글은 이름을 묻습니다."),
        replace(EDITION, issued=date(2026, 11, 24)),
        replace(EDITION, review_by=date(2027, 1, 1)),
        replace(EDITION, articles=EDITION.articles * 2),
        with_article(number=2),
        with_article(title="더위"),
        with_article(summary="언 손"),
        with_article(html="<p></p>"),
        with_article(checked_on=date(2026, 11, 22)),
        with_article(review_by=date(2027, 11, 22)),
        with_article(time_critical=True),
        with_article(cards=()),
        with_article(cards=(Card("배가 아픕니다", (CardLine(EN, "Ow.", "아우"),)),)),
    ],
)
def test_any_change_a_reader_could_notice_changes_the_digest(other: Edition) -> None:
    assert other.digest != EDITION.digest


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Pyongyang", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8"},
        {"PYTHONHASHSEED": "random", "TZ": "UTC-14", "LANG": "ru_RU.KOI8-R", "PYTHONUTF8": "0"},
    ],
)
def test_another_machine_makes_the_same_bytes(environment: dict[str, str]) -> None:
    program = (
        "from tests.domain import examples, test_edition_bytes as t; import sys; "
        "sys.stdout.buffer.write(examples.EDITION.to_bytes() + t.SETTLED.to_bytes())"
    )
    paths = [str(PROJECT / "server"), str(PROJECT)]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT / "tests",
        env={"PYTHONPATH": os.pathsep.join(paths), **environment},
        capture_output=True,
        check=True,
    )
    assert done.stdout == EDITION.to_bytes() + SETTLED.to_bytes()


@pytest.mark.parametrize(
    "changes",
    [{"articles": ()}, {"title": ""}, {"title": "\u3000"}, {"note": ""}, {"note": " \n"}],
)
def test_an_edition_without_words_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError, match="a title, a safety note and articles") as caught:
        replace(EDITION, **changes)
    assert (caught.value.what, caught.value.value) == ("edition", EDITION.pack)


@pytest.mark.parametrize("audience", [Audience.WORKER, Audience.DEPARTED])
def test_a_reader_who_may_be_searched_never_carries_a_source(audience: Audience) -> None:
    with pytest.raises(InvalidValueError, match=f"no sources for {audience} readers"):
        replace(SETTLED, audience=audience)


@pytest.mark.parametrize("html", ["<p>\u0338가</p>", "<p>\u0327\u0338가</p>", "<p>가<\u0338/p>"])
def test_no_tag_is_lost_when_letters_are_composed(html: str) -> None:
    assert unicodedata.normalize("NFC", html) != html
    with pytest.raises(InvalidValueError, match=r"no U\+0338 next to a tag"):
        with_article(html=html)


def test_one_mark_alone_composes_with_the_signs_of_a_tag_or_of_json() -> None:
    marks = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]
    composing = {
        (sign, mark)
        for sign in '<>"/:,{}[]'
        for mark in marks
        if not unicodedata.normalize("NFC", sign + mark).startswith(sign)
    }
    assert composing == {("<", "\u0338"), (">", "\u0338")}


def test_an_article_of_an_edition_has_no_sources_unless_they_are_given() -> None:
    day = date(2026, 11, 23)
    assert EditionArticle(1, "추위", "손", "<p></p>", day, day, time_critical=False).sources == ()


@pytest.mark.parametrize("edition", [EDITION, SETTLED], ids=["worker", "settled"])
def test_an_edition_comes_back_from_its_bytes(edition: Edition) -> None:
    again = Edition.from_bytes(edition.to_bytes())
    assert again.to_bytes() == edition.to_bytes()
    assert again.articles[0].cards == edition.articles[0].cards


@given(words, words, words)
def test_any_words_come_back_from_the_bytes(title: str, note: str, summary: str) -> None:
    edition = replace(with_article(summary=summary), title=title, note=note)
    assert Edition.from_bytes(edition.to_bytes()).to_bytes() == edition.to_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda _: b"[]",
        lambda _: b"\xff",
        lambda raw: raw + b" ",
        lambda raw: raw.replace(b'"version":', b'"version" :', 1),
        lambda raw: raw.replace(b'"format":"bojagi-edition/1"', b'"format":"bojagi-edition/2"'),
        lambda raw: raw.replace(b'{"articles"', b'{"a":1,"articles"'),
        lambda raw: raw.replace(b'"locale":"ko_KP"', b'"locale":"../x"'),
        lambda raw: raw.replace(b'"exposure":"ordinary"', b'"exposure":"none"'),
        lambda raw: raw.replace(b'"pack":', b'"pack":"x","q":'),
        lambda raw: unicodedata.normalize("NFD", raw.decode()).encode(),
        lambda _: b"[" * 100_000,
    ],
)
def test_any_other_bytes_are_no_edition(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidValueError):
        Edition.from_bytes(change(EDITION.to_bytes()))
