"""Units under review: a second person approves exactly one pair of texts, and never their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polib
import pytest
from sqlalchemy import insert, select
from tests.making import WARM_EN
from tests.services.desks import Studio, add, at, open_studio

from bojagi.domain.pack import SignOff
from bojagi.domain.translation import UnitState
from bojagi.errors import ConflictError, ForbiddenError, InvalidValueError
from bojagi.storage.content import ApprovedPair
from bojagi.storage.database import Database
from bojagi.storage.people import Role


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> Studio:
    return open_studio(database, tmp_path)


def states(studio: Studio) -> dict[str, UnitState]:
    return {each.context: each.state for each in studio.desk.units("warm", "en")}


def unit(studio: Studio, text: str) -> str:
    return next(each.context for each in studio.desk.units("warm", "en") if each.text == text)


HAT: Final = "words f"


def test_all_that_waits_is_approved_at_once_and_once(studio: Studio) -> None:
    approved = studio.desk.approve_units(studio.safety, "warm", "en", (), at(1))
    assert set(approved) == set(states(studio))
    assert set(states(studio).values()) == {UnitState.APPROVED}
    assert studio.desk.approve_units(studio.safety, "warm", "en", (), at(2)) == []
    assert studio.desk.approve_units(studio.safety, "warm", "en", [approved[0]], at(2)) == []


def test_whose_words_they_are_is_told_by_who_saved_them_first(studio: Studio) -> None:
    hat = unit(studio, HAT)
    studio.replace(studio.translator, WARM_EN, ('"words f"', '"a hat"'), at(1))
    studio.replace(studio.author, WARM_EN, ('"words g"', '"socks"'), at(2))
    for reviewer in (studio.translator, add(studio.desk, "떡갈", Role.TRANSLATOR)):
        if reviewer is studio.translator:
            with pytest.raises(ForbiddenError, match=f"own text: {hat}"):
                studio.desk.approve_units(reviewer, "warm", "en", [hat], at(3))
            others = studio.desk.approve_units(reviewer, "warm", "en", (), at(3))
            assert hat not in others
            assert len(others) == len(states(studio)) - 1
        else:
            assert studio.desk.approve_units(reviewer, "warm", "en", [hat], at(4)) == [hat]


def test_another_byte_on_either_side_is_another_pair(studio: Studio) -> None:
    studio.desk.approve_units(studio.safety, "warm", "en", (), at(1))
    hat = unit(studio, HAT)
    studio.replace(studio.translator, WARM_EN, ('"words f"', '"words f."'), at(2))
    assert states(studio)[hat] is UnitState.TO_REVIEW
    studio.replace(studio.translator, WARM_EN, ('"words f."', '"words f"'), at(3))
    assert states(studio)[hat] is UnitState.APPROVED


def test_who_may_not_review_approves_nothing(studio: Studio) -> None:
    with pytest.raises(ForbiddenError, match="may not approve units"):
        studio.desk.approve_units(studio.author, "warm", "en", (), at(1))


@pytest.mark.parametrize(
    ("pack", "locale", "units"),
    [
        ("warm", "ko_KP", ()),
        ("warm", "ru", ()),
        ("warm", "rubbish", ()),
        ("nothing", "en", ()),
        ("warm", "en", ("cold#aaaaaa",)),
    ],
)
def test_what_is_not_there_is_refused(
    studio: Studio, pack: str, locale: str, units: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidValueError):
        studio.desk.approve_units(studio.safety, pack, locale, units, at(1))


def test_a_unit_without_finished_words_is_not_approved(studio: Studio) -> None:
    hat = unit(studio, HAT)
    catalogue = polib.pofile(studio.standing(WARM_EN)[0].decode("utf-8") + "\n", wrapwidth=0)
    entry = next(each for each in catalogue if each.msgctxt == hat)
    entry.flags.append("fuzzy")
    studio.save(studio.translator, WARM_EN, str(catalogue), at(1))
    with pytest.raises(InvalidValueError, match="finished text"):
        studio.desk.approve_units(studio.safety, "warm", "en", [hat], at(2))


def test_an_edition_with_every_sign_off_approves_the_pairs_in_it(studio: Studio) -> None:
    digest = studio.desk.submit(studio.importer, "warm", "en", at(1)).digest
    studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(2))
    assert set(states(studio).values()) == {UnitState.TO_REVIEW}
    studio.desk.approve(studio.reader, digest, SignOff.NORTHERN_READER, at(3))
    assert set(states(studio).values()) == {UnitState.APPROVED}
    with studio.desk.database.reading() as session:
        assert set(session.scalars(select(ApprovedPair.edition))) == {digest}


def test_an_edition_that_was_edited_meanwhile_approves_no_pair(studio: Studio) -> None:
    digest = studio.desk.submit(studio.importer, "warm", "en", at(1)).digest
    studio.replace(studio.translator, WARM_EN, ('"words f"', '"a hat"'), at(2))
    for person, kind in (
        (studio.safety, SignOff.SAFETY),
        (studio.reader, SignOff.NORTHERN_READER),
    ):
        studio.desk.approve(person, digest, kind, at(3))
    assert set(states(studio).values()) == {UnitState.TO_REVIEW}


@pytest.mark.parametrize("writer", ["the same", "nobody"])
def test_the_database_itself_refuses_who_approves_their_own(studio: Studio, writer: str) -> None:
    person = studio.translator.id
    row = {
        "digest": "0" * 64,
        "pack": "warm",
        "locale": "en",
        "unit": "cold#aaaaaa",
        "person_id": person,
        "writer_id": person if writer == "the same" else None,
        "at": at(1),
    }
    with pytest.raises(ConflictError), studio.desk.database.transaction() as session:
        session.execute(insert(ApprovedPair).values(**row))
