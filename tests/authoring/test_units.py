"""Unit ids survive what authors do to their texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bojagi.authoring.units import carry_over, known_units, text_digest
from bojagi.domain.identifiers import ArticleId, UnitId
from bojagi.domain.pack import Unit, UnitKind

COLD = ArticleId("cold")
TEXTS = st.lists(st.text("가나다라마 ", min_size=1, max_size=6), min_size=1, max_size=8)
DIFFERENT = st.lists(
    st.text("가나다라마 ", min_size=1, max_size=6), min_size=2, max_size=8, unique=True
)


def first_ids(texts: list[str]) -> dict[UnitId, str]:
    """What `units.yaml` keeps of texts that are seen for the first time."""
    ids = carry_over(COLD, {}, texts)
    return {unit: text_digest(text) for unit, text in zip(ids, texts, strict=True)}


def ids_of(known: dict[UnitId, str], texts: list[str]) -> list[UnitId]:
    return carry_over(COLD, known, texts)


@given(TEXTS)
def test_every_text_gets_an_id_of_its_own_even_when_texts_are_alike(texts: list[str]) -> None:
    assert len(first_ids(texts)) == len(texts)


@given(TEXTS)
def test_two_people_get_the_same_ids(texts: list[str]) -> None:
    assert first_ids(texts) == first_ids(texts)


@given(TEXTS)
def test_nothing_changed_changes_no_id(texts: list[str]) -> None:
    known = first_ids(texts)
    assert ids_of(known, texts) == list(known)


@given(DIFFERENT, st.data())
def test_an_edited_text_keeps_its_id(texts: list[str], data: st.DataObject) -> None:
    known = first_ids(texts)
    index = data.draw(st.integers(0, len(texts) - 1))
    edited = [*texts[:index], "고친 글", *texts[index + 1 :]]
    assert ids_of(known, edited) == list(known)


@given(DIFFERENT)
def test_all_texts_edited_at_once_keep_their_ids(texts: list[str]) -> None:
    known = first_ids(texts)
    assert ids_of(known, [f"{text} 고침" for text in texts]) == list(known)


@given(DIFFERENT, st.data())
def test_an_inserted_text_moves_no_id(texts: list[str], data: st.DataObject) -> None:
    known = first_ids(texts)
    index = data.draw(st.integers(0, len(texts)))
    ids = ids_of(known, [*texts[:index], "새 글", *texts[index:]])
    assert [*ids[:index], *ids[index + 1 :]] == list(known)
    assert ids[index] not in known


@given(DIFFERENT, st.data())
def test_a_deleted_text_takes_only_its_own_id_away(texts: list[str], data: st.DataObject) -> None:
    known = first_ids(texts)
    index = data.draw(st.integers(0, len(texts) - 1))
    left = [*texts[:index], *texts[index + 1 :]]
    assert ids_of(known, left) == [*list(known)[:index], *list(known)[index + 1 :]]


@given(DIFFERENT.flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(texts))))
def test_moved_texts_take_their_ids_along(moved: tuple[list[str], list[str]]) -> None:
    texts, order = moved
    known = first_ids(texts)
    by_text = dict(zip(texts, known, strict=True))
    assert ids_of(known, order) == [by_text[text] for text in order]


@given(TEXTS, TEXTS)
def test_whatever_is_done_no_two_texts_share_an_id(before: list[str], after: list[str]) -> None:
    ids = ids_of(first_ids(before), after)
    assert len(set(ids)) == len(after)


def test_the_id_of_a_deleted_text_goes_to_no_new_text_elsewhere() -> None:
    known = first_ids(["가", "나", "다"])
    first, _, third = known
    ids = ids_of(known, ["새 글", "가", "다"])
    assert ids[1:] == [first, third]
    assert ids[0] not in known


def test_titles_and_summaries_are_not_kept() -> None:
    units = [
        Unit(UnitId("title"), UnitKind.TITLE, "제목"),
        Unit(UnitId("summary"), UnitKind.SUMMARY, "줄거리"),
        Unit(UnitId("abcdef"), UnitKind.ITEM, "모자를 쓰십시오."),
    ]
    assert list(known_units(units)) == ["abcdef"]
