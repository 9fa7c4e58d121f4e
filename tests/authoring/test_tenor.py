"""How a sentence sounds as a whole, and what that silences."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.authoring.phrase_corpus import clean_paragraphs, rules, sentences
from tests.authoring.tenor_learner import LANGUAGES, Lesson, learn, learned, sentences_to_learn
from tests.stories.measured import MEASURED

from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.phrase_book import PhraseBook, Phrases, read_phrases
from bojagi.authoring.checks.sentences import Sentences
from bojagi.authoring.checks.tenor import OF_WORDS, Tenor, path_of, pieces, read_tenor, written

CAREFUL = Tenor("en", {"clinic": -30, "tell": 10}, least=-15)


def phrases(*words: str) -> Phrases:
    pattern = {"when": "word", "speaks": []}
    return read_phrases({"groups": {"word": list(words)}, "patterns": [pattern]}, "en")


def found(rule: str, text: str, pattern: int | None = None) -> list[str]:
    some = phrases("name")
    book = PhraseBook({rule: some}, some.begins, CAREFUL)
    folded = fold(text).text
    return [folded[start:end] for _, (start, end) in book.find(folded, rule, pattern)]


def test_of_a_sentence_that_sounds_careful_no_pattern_speaks() -> None:
    assert found("asks-for-details", "Tell us your name.") == ["name"]
    assert found("asks-for-details", "Tell the clinic your name.") == []


def test_how_one_sentence_sounds_says_nothing_of_the_next() -> None:
    text = "The clinic asks for a name. Tell us your name."
    assert found("asks-for-details", text) == ["name"]
    assert found("asks-for-details", "Tell us your name. The clinic asks for a name.") == ["name"]


def test_words_that_hurt_in_any_sentence_are_spoken_of_however_it_sounds() -> None:
    for rule in OF_WORDS:
        assert found(rule, "Tell the clinic your name.") == ["name"]


def test_a_pattern_that_is_asked_for_speaks_however_the_sentence_sounds() -> None:
    assert found("asks-for-details", "Tell the clinic your name.", pattern=0) == ["name"]


def test_rules_of_words_are_rules() -> None:
    assert set(rules()) > OF_WORDS


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("ko", "가 나", {"_가", "가_", "_나", "나_", "_가_", "가_나", "_나_"}),
        ("zh_Hans", "保证", {"_", "保", "证", "_保", "保证", "证_"}),
        ("en", "You registered.", {"you", "regist", ".", "you regist", "regist .", "-red"}),
        ("ru", "15 мая", {"00", "мая", "00 мая"}),
        ("en", "", set()),
    ],
)
def test_what_is_weighed_of_a_sentence(language: str, sentence: str, expected: set[str]) -> None:
    assert pieces(sentence, language) == expected


def test_a_text_is_parted_into_all_its_sentences() -> None:
    assert list(Sentences("One. Two!\nThree")) == ["One. ", "Two!\n", "Three"]
    assert list(Sentences(fold("我有。你有。").text)) == ["我有.", "你有.", ""]
    assert list(Sentences("")) == [""]


def test_pieces_of_harm_weigh_more_than_careful_ones_and_rare_ones_nothing() -> None:
    def some(number: int, *words: str, is_harm: bool) -> list[Lesson]:
        return [Lesson(frozenset(words), is_harm, 0)] * number

    weights = learned(
        [
            *some(8, "bid", "both", is_harm=True),
            *some(8, "law", "both", is_harm=False),
            *some(2, "rare", is_harm=True),
        ]
    )
    assert weights["bid"] > 0 > weights["law"]
    assert weights.keys() == {"bid", "law"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_are_what_the_half_that_was_looked_at_teaches(language: str) -> None:
    tenor = learn(language)
    assert written(tenor) == path_of(language).read_text("utf-8"), (
        "python -m tests.authoring.tenor_learner"
    )
    assert read_tenor(language) == tenor


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_of_which_nothing_is_known_does_not_sound_careful(language: str) -> None:
    assert not read_tenor(language).is_careful("ξενο")


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_careful_sentences_nobody_learned_from_sound_careful_and_few_harmful_ones(
    language: str, record_property: Callable[[str, object], None]
) -> None:
    tenor = read_tenor(language)
    harm = [
        each for rule in rules() if rule not in OF_WORDS for each in sentences(rule) if each.is_harm
    ]
    shares = {}
    for name, lines in {"harmful": harm, "careful": [*clean_paragraphs()]}.items():
        parts = [
            part
            for line in lines
            if not line.is_seen and line.locale in LANGUAGES[language]
            for part in sentences_to_learn(line.words, is_harm=line.is_harm)
        ]
        careful = sum(map(tenor.is_careful, parts))
        shares[name] = careful / len(parts)
        text = f"  {language:8} {name} sentences that sound careful: {careful} of {len(parts)}"
        record_property(MEASURED, text)
    assert shares["harmful"] <= 0.05
    assert shares["careful"] >= 0.4
