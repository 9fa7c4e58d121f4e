"""Review: nobody approves their own text, nor twice, nor other bytes than those that stand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select, text
from tests.making import COLD, HEAT, PAY, WAGE, WARM, WARM_EN
from tests.services.desks import Studio, add, at, open_studio

from bojagi.domain.edition import Edition
from bojagi.domain.pack import SignOff
from bojagi.errors import (
    ConflictError,
    ForbiddenError,
    GateError,
    InvalidValueError,
    NotThereError,
)
from bojagi.services.desk import Submitted
from bojagi.services.reviewing import Passage, comments_of, edition_named
from bojagi.storage.content import Contributor, EditionState, GivenApproval
from bojagi.storage.database import Database
from bojagi.storage.people import Person, Role

OWN: Final = "nobody approves their own text"
BOTH: Final = (SignOff.SAFETY, SignOff.NORTHERN_READER)


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> Studio:
    return open_studio(database, tmp_path)


def submit(studio: Studio, minute: float, locale: str = "ko_KP", pack: str = "warm") -> Submitted:
    return studio.desk.submit(studio.importer, pack, locale, at(minute))


def approve_all(studio: Studio, digest: str, minute: float) -> None:
    for person, kind in zip((studio.safety, studio.reader), BOTH, strict=True):
        studio.desk.approve(person, digest, kind, at(minute))


def contributors(studio: Studio, digest: str) -> set[int]:
    with studio.desk.database.reading() as session:
        query = select(Contributor.person_id).where(Contributor.digest == digest)
        return set(session.scalars(query))


def state_of(studio: Studio, digest: str) -> str:
    with studio.desk.database.reading() as session:
        return edition_named(session, digest).state


def reviewer_who_writes(studio: Studio, pseudonym: str = "가문비나무") -> Person:
    return add(studio.desk, pseudonym, Role.AUTHOR, Role.SAFETY_REVIEWER, Role.PUBLISHER)


def test_an_edition_is_approved_once_it_has_every_sign_off_it_needs(studio: Studio) -> None:
    submitted = submit(studio, 1)
    assert submitted.needed == BOTH
    assert not studio.desk.approve(studio.safety, submitted.digest, SignOff.SAFETY, at(2))
    assert state_of(studio, submitted.digest) == EditionState.SUBMITTED
    assert studio.desk.approve(studio.reader, submitted.digest, SignOff.NORTHERN_READER, at(3))
    assert state_of(studio, submitted.digest) == EditionState.APPROVED
    given = studio.desk.approvals(submitted.digest)
    assert [(each.kind, each.by) for each in given] == [(BOTH[0], "소나무"), (BOTH[1], "잣나무")]


def test_what_is_approved_are_the_bytes_that_the_preview_shows(studio: Studio) -> None:
    submitted = submit(studio, 1)
    edition = Edition.from_bytes(studio.desk.blobs.read(submitted.digest))
    assert edition.digest == submitted.digest
    page = studio.desk.preview(submitted.digest)
    assert all(article.title in page for article in edition.articles)
    studio.replace(studio.author, COLD, ("모자를", "털모자를"), at(2))
    assert studio.desk.preview(submitted.digest) == page
    with pytest.raises(NotThereError):
        studio.desk.preview("0" * 64)


def test_nobody_approves_words_of_their_own(studio: Studio) -> None:
    writer = reviewer_who_writes(studio)
    studio.replace(writer, COLD, ("모자를", "털모자를"), at(1))
    submitted = submit(studio, 2)
    for kind in BOTH:
        with pytest.raises(ForbiddenError, match=OWN):
            studio.desk.approve(writer, submitted.digest, kind, at(3))
    assert studio.desk.approvals(submitted.digest) == ()


def test_who_submits_does_not_approve(studio: Studio) -> None:
    submitted = studio.desk.submit(studio.safety, "warm", "ko_KP", at(1))
    with pytest.raises(ForbiddenError, match=OWN):
        studio.desk.approve(studio.safety, submitted.digest, SignOff.SAFETY, at(2))


@pytest.mark.parametrize("column", ["person_id", "invited_by"])
def test_the_database_itself_refuses_an_approval_of_ones_own_text(
    studio: Studio, column: str
) -> None:
    digest = submit(studio, 1).digest
    query = text(
        f"INSERT INTO approvals (digest, kind, {column}, pseudonym, at) "  # noqa: S608
        "VALUES (:digest, 'safety', :person, '아무개', '2026-11-26 09:00:00')"
    )
    with (
        pytest.raises(ConflictError, match=OWN),
        studio.desk.database.transaction() as session,
    ):
        session.execute(query, {"digest": digest, "person": studio.importer.id})


@pytest.mark.parametrize(
    "query", ["DELETE FROM contributors", "UPDATE contributors SET person_id = person_id + 1"]
)
def test_the_database_forgets_no_contributor(studio: Studio, query: str) -> None:
    digest = submit(studio, 1).digest
    with (
        pytest.raises(ConflictError, match=OWN),
        studio.desk.database.transaction() as session,
    ):
        session.execute(text(query))
    assert contributors(studio, digest) == {studio.importer.id}


def test_one_person_never_gives_two_of_the_sign_offs(studio: Studio) -> None:
    digest = submit(studio, 1).digest
    studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(2))
    with pytest.raises(ConflictError, match="another of its sign-offs"):
        studio.desk.approve(studio.safety, digest, SignOff.NORTHERN_READER, at(3))
    with pytest.raises(ConflictError), studio.desk.database.transaction() as session:
        session.add(
            GivenApproval(
                digest=digest, kind="northern_reader", person_id=studio.safety.id,
                pseudonym="다른 이름", at=at(3),
            )
        )  # fmt: skip
    with pytest.raises(ConflictError, match="already"):
        studio.desk.approve(studio.reader, digest, SignOff.SAFETY, at(4))


def test_the_safety_sign_off_takes_a_safety_reviewer(studio: Studio) -> None:
    digest = submit(studio, 1).digest
    with pytest.raises(ForbiddenError, match="no safety reviewer"):
        studio.desk.approve(studio.publisher, digest, SignOff.SAFETY, at(2))
    for person in (studio.author, studio.translator):
        with pytest.raises(ForbiddenError):
            studio.desk.approve(person, digest, SignOff.NORTHERN_READER, at(2))
    assert not studio.desk.approve(studio.publisher, digest, SignOff.NORTHERN_READER, at(2))


def test_any_later_edit_has_other_bytes_that_nobody_approved(studio: Studio) -> None:
    first = submit(studio, 1).digest
    approve_all(studio, first, 2)
    studio.replace(studio.author, COLD, ("모자를 쓰십시오", "모자를 꼭 쓰십시오"), at(3))
    second = submit(studio, 4).digest
    assert second != first
    assert studio.desk.approvals(second) == ()
    assert state_of(studio, second) == EditionState.SUBMITTED
    assert len(studio.desk.approvals(first)) == 2


def test_returned_bytes_are_neither_approved_nor_submitted_again(studio: Studio) -> None:
    digest = submit(studio, 1).digest
    studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(2))
    said = Passage("cold", "title", "제목이 너무 깁니다.")
    studio.desk.give_back(studio.reader, digest, [said], at(3))
    with pytest.raises(ConflictError, match="returned"):
        studio.desk.approve(studio.reader, digest, SignOff.NORTHERN_READER, at(4))
    with pytest.raises(ConflictError, match="returned"):
        submit(studio, 5)
    assert studio.desk.approvals(digest) == (), "what was given before it was returned is void"
    with studio.desk.database.reading() as session:
        assert [each.words for each in comments_of(session, digest)] == [said.words]
    studio.replace(studio.author, COLD, ("추위에서 몸을 지키기", "추위와 몸"), at(6))
    approve_all(studio, submit(studio, 7).digest, 8)


def test_an_approved_edition_that_is_returned_is_approved_no_more(studio: Studio) -> None:
    digest = submit(studio, 1).digest
    approve_all(studio, digest, 2)
    studio.desk.give_back(studio.publisher, digest, [Passage("", "", "다시 봅시다.")], at(3))
    assert state_of(studio, digest) == EditionState.RETURNED
    assert studio.desk.approvals(digest) == ()


@pytest.mark.parametrize(
    "passages",
    [
        [],
        [Passage("cold", "title", " \n")],
        [Passage("cold", "title", "가" * 4001)],
        [Passage("cold" * 11, "title", "가")],
        [Passage("cold", "title", "가\0")],
        [Passage("cold", "title", "\ud800")],
    ],
)
def test_a_return_says_what_to_do_in_words_that_can_be_kept(
    studio: Studio, passages: list[Passage]
) -> None:
    digest = submit(studio, 1).digest
    with pytest.raises(InvalidValueError):
        studio.desk.give_back(studio.safety, digest, passages, at(2))
    assert state_of(studio, digest) == EditionState.SUBMITTED


def test_the_same_bytes_submitted_again_are_the_same_edition(studio: Studio) -> None:
    first = submit(studio, 1)
    assert studio.desk.submit(studio.author, "warm", "ko_KP", at(2)) == first
    assert contributors(studio, first.digest) == {studio.importer.id}


def test_who_imported_wrote_every_word_of_it(studio: Studio) -> None:
    importer = add(studio.desk, "떡갈나무", Role.PUBLISHER)
    studio.project.replace(COLD, "모자를", "털모자를")
    studio.desk.import_folders(importer, studio.project.root, at(1))
    digest = studio.desk.submit(studio.author, "warm", "ko_KP", at(2)).digest
    assert importer.id in contributors(studio, digest)
    with pytest.raises(ForbiddenError, match=OWN):
        studio.desk.approve(importer, digest, SignOff.NORTHERN_READER, at(3))


def test_who_wrote_since_the_last_approval_contributed_and_nobody_earlier(studio: Studio) -> None:
    writer = reviewer_who_writes(studio)
    studio.replace(writer, COLD, ("모자를", "털모자를"), at(1))
    first = submit(studio, 2).digest
    assert contributors(studio, first) == {studio.importer.id, writer.id}
    studio.replace(studio.author, HEAT, ("그늘에서", "서늘한 그늘에서"), at(3))
    second = studio.desk.submit(studio.author, "warm", "ko_KP", at(4)).digest
    assert contributors(studio, second) == {studio.importer.id, writer.id, studio.author.id}
    approve_all(studio, second, 5)
    studio.replace(studio.author, HEAT, ("서늘한 그늘에서", "시원한 그늘에서"), at(6))
    third = studio.desk.submit(studio.author, "warm", "ko_KP", at(7)).digest
    assert contributors(studio, third) == {studio.author.id}
    assert not studio.desk.approve(writer, third, SignOff.SAFETY, at(8))


def test_a_translation_blocks_its_author_in_its_own_locale_alone(studio: Studio) -> None:
    translator = reviewer_who_writes(studio)
    studio.replace(translator, WARM_EN, ("words a", "other words"), at(1))
    source, english = submit(studio, 2).digest, submit(studio, 2, "en").digest
    assert translator.id not in contributors(studio, source)
    assert translator.id in contributors(studio, english)
    studio.desk.approve(translator, source, SignOff.SAFETY, at(3))
    with pytest.raises(ForbiddenError, match=OWN):
        studio.desk.approve(translator, english, SignOff.SAFETY, at(3))


@pytest.mark.parametrize(
    ("path", "words", "pack", "locale", "blocks"),
    [
        ("content_packs/hotlines.yaml", ('"1350"', '"1366"'), "pay", "ko_KR", True),
        ("content_packs/hotlines.yaml", ('"1350"', '"1366"'), "warm", "ko_KP", False),
        ("i18n/ko_KP/LC_MESSAGES/interface.po", ("msgid", "# \nmsgid"), "warm", "ko_KP", True),
        ("i18n/ko_KR/LC_MESSAGES/interface.po", ("msgid", "# \nmsgid"), "warm", "ko_KP", False),
        (f"{PAY}/facts.yaml", ("10320", "10321"), "pay", "ko_KR", True),
        (WAGE, ("최저임금은", "최저 임금은"), "pay", "ko_KR", True),
        (WAGE, ("최저임금은", "최저 임금은"), "warm", "ko_KP", False),
    ],
)
def test_who_changed_what_an_edition_is_made_of_contributed_to_it(  # noqa: PLR0913
    studio: Studio, path: str, words: tuple[str, str], pack: str, locale: str, *, blocks: bool
) -> None:
    writer = reviewer_who_writes(studio)
    content = studio.standing(path)[0].decode()
    assert words[0] in content
    studio.save(writer, path, content.replace(*words, 1), at(1))
    digest = submit(studio, 2, locale, pack).digest
    assert (writer.id in contributors(studio, digest)) is blocks


def test_a_blocked_text_is_not_submitted(studio: Studio) -> None:
    studio.replace(studio.author, COLD, ("모자를", "010-1234-5678 모자를"), at(1))
    with pytest.raises(GateError, match="warm in ko_KP"):
        submit(studio, 2)
    submit(studio, 3, "ko_KR", "pay")


@pytest.mark.parametrize(
    ("pack", "locale", "error"),
    [
        ("none", "ko_KP", NotThereError),
        ("../x", "ko_KP", NotThereError),
        ("warm", "ru", InvalidValueError),
        ("warm", "ko_KR", InvalidValueError),
        ("pay", "en", InvalidValueError),
        ("warm", "../en", InvalidValueError),
    ],
)
def test_only_an_edition_that_could_be_is_submitted(
    studio: Studio, pack: str, locale: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        submit(studio, 1, locale, pack)


def test_a_pack_that_can_not_be_read_says_why_when_it_is_submitted(studio: Studio) -> None:
    studio.save(studio.author, f"{WARM}/pack.yaml", "id: warm\n", at(1))
    with pytest.raises(ConflictError, match=r"warm/pack\.yaml"):
        submit(studio, 2)


def test_a_verb_that_fails_leaves_no_trace(studio: Studio) -> None:
    digest = submit(studio, 1).digest
    with studio.desk.database.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM audit_events"))
    with pytest.raises(ForbiddenError):
        studio.desk.approve(studio.importer, digest, SignOff.SAFETY, at(2))
    with pytest.raises(NotThereError):
        studio.desk.approve(studio.safety, "f" * 64, SignOff.SAFETY, at(2))
    with studio.desk.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_events")) == before
        assert session.scalar(select(func.count()).select_from(GivenApproval)) == 0
