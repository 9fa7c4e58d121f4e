"""The notation of phrase patterns, and finding thousands of words by what they begin with."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.phrase_book import (
    PLACE,
    PhraseBook,
    Phrases,
    book_of,
    phrases_of,
    read_phrases,
)
from bojagi.authoring.checks.word_index import Word, WordIndex, needs_of
from bojagi.domain.identifiers import LocaleCode

LANGUAGES = ("ko", "en", "ru", "zh_Hans")
SIGNS = str.maketrans({"\x02": "^", "\x03": "$"})


def book(language: str, when: str, groups: dict[str, list[str]], *unless: str) -> Phrases:
    pattern = {"when": when, "unless": list(unless), "speaks": []}
    return read_phrases({"groups": groups, "patterns": [pattern]}, language)


def found(phrases: Phrases, text: str) -> list[str]:
    one_rule = PhraseBook({"rule": phrases}, phrases.begins)
    return [text[start:end] for _, (start, end) in one_rule.find(fold(text).text)]


@pytest.mark.parametrize(
    ("word", "text", "there"),
    [
        ("보내~", "사진을 보냅시다", "보냅"),
        ("길~", "긴 줄", "긴"),
        ("약속{하}", "약속했다", "약속했"),
        ("해결{되}", "해결됐다", "해결됐"),
        ("돈{를} 받", "돈을 받는다", "돈을 받"),
        ("강{은}", "강을 봅니다", "강을"),
        ("강{은}", "강조합니다", ""),
        ("보내{시오}", "보내주십시오", "보내주십시오"),
        ("할 수", "할수 있다", "할수"),
        ("할 수", "할 수 있다", "할 수"),
        ("길", "지름길", ""),
        ("-길", "지름길", "길"),
        ("집…돈", "집에서 번 돈", "집에서 번 돈"),
        ("집…돈", "집이다. 돈이다", ""),
    ],
)
def test_a_korean_word_of_the_notation_finds_what_it_says(word: str, text: str, there: str) -> None:
    assert found(book("ko", "word", {"word": [word]}), text) == ([there] if there else [])


@pytest.mark.parametrize(
    ("language", "word", "text", "there"),
    [
        ("en", "promis*", "We promised you", "promis"),
        ("en", "give", "forgiven", ""),
        ("en", "no one", "No  one knows", "No  one"),
        ("ru", "обещ*", "мы обещаем", "обещ"),
        ("zh_Hans", "保证", "我们保证安全", "保证"),
    ],
)
def test_words_of_other_languages_begin_and_end_as_theirs_do(
    language: str, word: str, text: str, there: str
) -> None:
    assert found(book(language, "word", {"word": [word]}), text) == ([there] if there else [])


def test_groups_meet_in_one_sentence_in_any_order_or_in_the_order_that_is_said() -> None:
    groups = {"a": ["사과"], "b": ["배"]}
    assert found(book("ko", "a b", groups), "배와 사과. 사과만.") == ["배와 사과"]
    assert found(book("ko", "a > b", groups), "배와 사과. 사과와 배.") == ["사과와 배"]
    assert found(book("ko", "a b", groups), "배. 사과.") == []
    assert found(book("ko", "paragraph: a b", groups), "배. 사과.") == ["배. 사과"]


def test_what_silences_a_pattern_does_so_in_its_sentence_or_in_the_paragraph() -> None:
    groups = {"a": ["사과"], "no": ["없"]}
    text = "사과가 없다. 사과가 있다."
    assert found(book("ko", "a", groups, "no"), text) == ["사과"]
    assert found(book("ko", "a", groups, "paragraph: no"), text) == []


def test_a_chinese_full_stop_ends_a_sentence() -> None:
    phrases = book("zh_Hans", "a b", {"a": ["苹果"], "b": ["梨"]})
    assert found(phrases, "我有苹果。你有梨。") == []


def test_another_group_stands_inside_a_word() -> None:
    phrases = book("ko", "word", {"word": ["<fruit>{를} 먹"], "fruit": ["사과", "배"]})
    assert found(phrases, "배를 먹는다") == ["배를 먹"]


def test_a_pattern_that_names_no_group_is_refused() -> None:
    with pytest.raises(ValueError, match="no group 'missing'"):
        book("ko", "missing", {"a": ["가"]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expression_is_one(language: str) -> None:
    locale = LocaleCode("ko_KP" if language == "ko" else language)
    for path in PLACE.glob(f"*/{language}.toml"):
        phrases = phrases_of(path.parent.name, locale)
        assert phrases is not None
        for words in phrases.groups.values():
            for word in words:
                re.compile(word.expression)
    assert book_of(locale).index.expressions


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(?:길)", [{"길"}]),
        ("(?:promising)(?!\\w)", [{"pro"}]),
        ("(?:할\\s*수)", [{"할수"}]),
        ("(?:no\\s+one)", [{"noo"}]),
        ("(?:받[가-힣]*)", [{"받"}]),
        ("(?:(?:받|얻어|챙기)x)", [{"받x", "얻어x", "챙기x"}]),
        ("(?:[ab]c[xy])", [{"acx", "acy", "bcx", "bcy"}]),
        ("(?:a?bc)", [{"bc"}]),
        ("(?:ab+c)", [{"a"}, {"b"}, {"c"}]),
        ("(?:abc|d)", [{"abc", "d"}]),
        ("(?:(?!x)ab)", [{"ab"}]),
        ("(?:(?:a|b)*c)", [{"c"}]),
        ("(?:a(?:b|cd){0,2}e{2})", [{"a"}, {"e"}]),
        ("(?:a(?:b|cd){,2}e{2,})", [{"a"}, {"e"}]),
        ("(?:\\x20a\\(b\\|c)", [{"a"}, {"b"}, {"c"}]),
        ("(?:[가-힣]{0,5}아)", [{"아"}]),
        ("(?:[^a]|b)", []),
        ("(?:.?)", []),
    ],
)
def test_what_a_match_needs_follows_from_its_expression(
    expression: str, expected: list[set[str]]
) -> None:
    assert [set(each) for each in needs_of(expression)] == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(?:길)", [{"^길"}]),
        ("(?:way)(?!\\w)", [{"^way$"}]),
        ("(?:promising)", [{"^promisin"}]),
        ("(?:promise)", [{"^prom"}]),
        ("(?:(?=b)ab*c)", [{"^a"}, {"c"}]),
        ("(?:[ab]+c)", [{"^a", "^b"}, {"c"}]),
        ("(?:a?bc)", [{"bc"}]),
        ("(?:ab|[^c]d)", [{"^ab", "d"}]),
    ],
)
def test_what_begins_where_words_do_needs_letters_that_do(
    expression: str, expected: list[set[str]]
) -> None:
    needs = needs_of(expression, is_at_start=True)
    assert [{letters.translate(SIGNS) for letters in each} for each in needs] == expected


EXPRESSIONS = [
    "(?:ab)",
    "(?:ab)(?!\\w)",
    "(?:a\\s*b)",
    "(?:(?:ab|가)\\s+[bc])",
    "(?:a?b)",
    "(?:[ab]c)",
    "(?:(?:a|bc)+)",
    "(?:[^a]b)",
    "(?:b|ac|가나)",
    "(?:가~?)",
    "(?:a(?:b|c가)+|나 )",
    "(?:(?=ab)a)",
    "(?:[a-c][가-나]?b)",
]


@given(
    st.text("abc가나 .", max_size=30),
    st.lists(st.tuples(st.sampled_from(EXPRESSIONS), st.booleans()), min_size=1),
    st.sampled_from([None, "(?<![가-힣]).", r"(?<!\w)."]),
)
def test_the_index_finds_what_every_expression_finds_by_itself(
    text: str, expressions: list[tuple[str, bool]], begins: str | None
) -> None:
    words = {number: [Word(*each)] for number, each in enumerate(expressions)}
    begin = re.compile(begins, re.DOTALL) if begins else None
    index = WordIndex(words, begin, [(number,) for number in words], usual=["abc가 나"])
    look = index.look(text)
    for number, (expression, is_inside) in enumerate(expressions):
        pattern = re.compile(expression)
        expected = {
            match.span()
            for at in range(len(text))
            if (match := pattern.match(text, at))
            and (is_inside or begin is None or begin.match(text, at))
        }
        assert set(look.spans(number)) == expected
        assert not expected or number in look.there
