"""The desk: sign-offs by a link, waivers, and "still true" for many articles at once."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.making import COLD, HEAT, PAY, WAGE, WARM
from tests.services.desks import Studio, add, at, open_studio

from bojagi.domain.finding import Severity
from bojagi.domain.pack import SignOff
from bojagi.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
    NotThereError,
    SignInError,
)
from bojagi.services import accounts, reviewing
from bojagi.services.auditing import KEPT, events, forget_old
from bojagi.services.desk import _renewed
from bojagi.storage.content import GivenApproval, Revision, SignOffLink
from bojagi.storage.database import Database
from bojagi.storage.people import Person, Role

READER: Final = SignOff.NORTHERN_READER
LAWYER: Final = SignOff.LABOUR_LAWYER
REVIEW_BY: Final = date(2027, 3, 1)


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> Studio:
    return open_studio(database, tmp_path)


def submitted(studio: Studio, pack: str = "warm", locale: str = "ko_KP") -> str:
    return studio.desk.submit(studio.importer, pack, locale, at(1)).digest


def link(studio: Studio, digest: str, name: str = "가람", kind: SignOff = READER) -> str:
    return studio.desk.invite_sign_off(studio.publisher, digest, kind, name, at(2))


def test_somebody_without_an_account_signs_off_by_a_link_once(studio: Studio) -> None:
    digest = submitted(studio)
    secret = link(studio, digest)
    studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(3))
    assert studio.desk.sign_off(secret, at(4))
    given = studio.desk.approvals(digest)[1]
    assert (given.kind, given.by, given.on) == (READER, "가람", at(4).date())
    for again in (secret, "", "아무 말"):
        with pytest.raises(SignInError, match="used or has ended"):
            studio.desk.sign_off(again, at(5))
    with studio.desk.database.reading() as session:
        [row] = session.scalars(select(GivenApproval).where(GivenApproval.kind == READER)).all()
        assert (row.person_id, row.invited_by) == (None, studio.publisher.id)
        assert secret not in str(session.scalars(select(SignOffLink.token)).all())


def test_a_link_ends_after_two_weeks_and_with_who_made_it(studio: Studio) -> None:
    digest = submitted(studio)
    late, orphan = link(studio, digest), link(studio, digest)
    with pytest.raises(SignInError):
        studio.desk.sign_off(late, at(2) + reviewing.LINKED)
    with studio.desk.database.transaction() as session:
        publisher = accounts.person_named(session, studio.publisher.pseudonym)
        accounts.disable(session, publisher, None, at(3))
    with pytest.raises(SignInError):
        studio.desk.sign_off(orphan, at(4))
    assert studio.desk.approvals(digest) == ()


def test_a_link_to_a_text_that_was_returned_signs_nothing(studio: Studio) -> None:
    digest = submitted(studio)
    secret = link(studio, digest)
    said = reviewing.Passage("cold", "title", "고칩시다.")
    studio.desk.give_back(studio.safety, digest, [said], at(3))
    with pytest.raises(ConflictError, match="returned"):
        studio.desk.sign_off(secret, at(4))
    with pytest.raises(ConflictError, match="returned"):
        link(studio, digest)


@pytest.mark.parametrize("name", ["가람", " 가람 ", unicodedata.normalize("NFD", "가람")])
def test_who_shares_a_pseudonym_with_another_signer_signs_nothing(
    studio: Studio, name: str
) -> None:
    digest = submitted(studio, "pay", "ko_KR")
    first, second = link(studio, digest), link(studio, digest, name, LAWYER)
    assert not studio.desk.sign_off(first, at(3))
    with pytest.raises(ConflictError, match="another of its sign-offs"):
        studio.desk.sign_off(second, at(4))
    with pytest.raises(ConflictError, match="already"):
        studio.desk.sign_off(link(studio, digest, "다솜"), at(5))
    assert [each.kind for each in studio.desk.approvals(digest)] == [READER]


@pytest.mark.parametrize("name", ["버드나무", "소나무", unicodedata.normalize("NFD", "버드나무")])
def test_a_link_is_for_somebody_without_an_account(studio: Studio, name: str) -> None:
    with pytest.raises(InvalidValueError, match="without an account"):
        link(studio, submitted(studio), name)


@pytest.mark.parametrize("name", ["", "  ", "가" * 81, "가\u200b람", "ㅤ"])
def test_a_link_names_somebody_who_can_be_read(studio: Studio, name: str) -> None:
    with pytest.raises(InvalidValueError, match="pseudonym"):
        link(studio, submitted(studio), name)


def test_no_link_stands_in_for_the_safety_reviewer(studio: Studio) -> None:
    with pytest.raises(InvalidValueError, match="takes no safety reviewer"):
        link(studio, submitted(studio), kind=SignOff.SAFETY)


def test_who_wrote_a_text_makes_no_link_to_sign_it(studio: Studio) -> None:
    writer = add(studio.desk, "가문비나무", Role.AUTHOR, Role.PUBLISHER)
    studio.replace(writer, COLD, ("모자를", "털모자를"), at(0.5))
    digest = submitted(studio)
    with pytest.raises(ForbiddenError, match="their own text"):
        studio.desk.invite_sign_off(writer, digest, READER, "가람", at(2))
    with pytest.raises(ForbiddenError, match="may not"):
        studio.desk.invite_sign_off(studio.translator, digest, READER, "가람", at(2))
    with pytest.raises(NotThereError):
        studio.desk.invite_sign_off(studio.publisher, "0" * 64, READER, "가람", at(2))


QUOTES: Final = ("일하기 전에", "≪일≫하기 전에")
RULE: Final = "math-quotes"


def warnings(studio: Studio, severity: Severity = Severity.WARN) -> list[tuple[str, str, str]]:
    return [
        (each.place.file, each.rule, each.found)
        for each in studio.desk.check(at(0).date())
        if each.severity is severity and each.rule != "units-stale"
    ]


@pytest.fixture
def warned(studio: Studio) -> tuple[str, str, str]:
    """A warning in an article that the author changed."""
    studio.replace(studio.author, COLD, QUOTES, at(1))
    [found] = [each for each in warnings(studio) if each[1] == RULE]
    return found


def waive(studio: Studio, person: Person, found: tuple[str, str, str], minute: float = 2) -> None:
    studio.desk.waive(person, *found, "책 이름의 표기를 그대로 옮겼다.", at(minute))


def test_a_waiver_holds_for_the_very_bytes_and_no_others(
    studio: Studio, warned: tuple[str, str, str]
) -> None:
    waive(studio, studio.safety, warned)
    assert warned not in warnings(studio)
    text = studio.standing(COLD)[0]
    studio.save(studio.author, COLD, text + b"\n", at(3))
    assert warned in warnings(studio)
    studio.save(studio.author, COLD, text, at(4))
    assert warned not in warnings(studio), "just those bytes again"


def test_a_waiver_is_for_one_finding_in_one_document(
    studio: Studio, warned: tuple[str, str, str]
) -> None:
    studio.replace(studio.author, HEAT, ("더운 날에는", "≪더운≫ 날에는"), at(2))
    waive(studio, studio.safety, warned, 3)
    assert [path for path, rule, _ in warnings(studio) if rule == RULE] == [HEAT]
    with pytest.raises(ConflictError):
        waive(studio, studio.reader, warned, 4)


def test_nobody_waives_a_warning_on_their_own_text(studio: Studio) -> None:
    writer = add(studio.desk, "가문비나무", Role.AUTHOR, Role.SAFETY_REVIEWER)
    studio.replace(writer, COLD, QUOTES, at(1))
    [found] = [each for each in warnings(studio) if each[1] == RULE]
    with pytest.raises(ForbiddenError, match="own text"):
        waive(studio, writer, found)
    studio.replace(studio.author, COLD, ("모자를", "털모자를"), at(3))
    with pytest.raises(ForbiddenError, match="own text"):
        waive(studio, writer, found, 4)  # somebody else changed a word since: it is theirs still
    waive(studio, studio.safety, found, 5)


def test_what_blocks_is_never_waived(studio: Studio) -> None:
    studio.replace(studio.author, COLD, ("모자를", "010-1234-5678 모자를"), at(1))
    found = [each for each in warnings(studio, Severity.BLOCK) if each[0] == COLD]
    assert found
    for each in found:
        with pytest.raises(InvalidValueError, match="can't be waived"):
            waive(studio, studio.safety, each)
    assert set(found) <= set(warnings(studio, Severity.BLOCK))


@pytest.mark.parametrize(
    ("path", "rule", "reason"),
    [
        (COLD, RULE, " "),
        (COLD, RULE, "가" * 401),
        (COLD, RULE, "까닭\0"),
        (COLD, "no-such-rule", "까닭"),
        (f"{WARM}/99-none.md", RULE, "까닭"),
    ],
)
def test_a_waiver_says_of_what_and_why(studio: Studio, path: str, rule: str, reason: str) -> None:
    with pytest.raises(InvalidValueError):
        studio.desk.waive(studio.safety, path, rule, "≪일≫", reason, at(1))


def test_only_a_safety_reviewer_waives(studio: Studio, warned: tuple[str, str, str]) -> None:
    for person in (studio.translator, studio.publisher, studio.importer):
        with pytest.raises(ForbiddenError):
            waive(studio, person, warned)


def test_still_true_changes_the_two_dates_of_each_article_and_no_other_byte(
    studio: Studio,
) -> None:
    before = {path: studio.standing(path)[0].decode() for path in (COLD, HEAT, WAGE)}
    renewed = studio.desk.still_true(studio.safety, list(before), REVIEW_BY, at(1))
    assert renewed == [COLD, HEAT, WAGE]
    for path, text in before.items():
        wanted = text.replace("checked_on: 2026-11-23", "checked_on: 2026-11-26")
        wanted = wanted.replace("review_by: 2027-05-23", "review_by: 2027-03-01")
        assert studio.standing(path) == (wanted.encode(), 2)
    english = studio.desk.submit(studio.translator, "warm", "en", at(2))
    assert english.digest, "no translation went stale"


@pytest.mark.parametrize(
    "last",
    [f"{PAY}/pack.yaml", f"{WARM}/images/gloves.png", f"{WARM}/99-none.md", "README.md"],
)
def test_still_true_renews_all_or_nothing(studio: Studio, last: str) -> None:
    with pytest.raises(InvalidValueError):
        studio.desk.still_true(studio.safety, [COLD, HEAT, last], REVIEW_BY, at(1))
    assert [studio.standing(path)[1] for path in (COLD, HEAT)] == [1, 1]


@pytest.mark.parametrize(
    "day", [date(2026, 11, 26), date(2020, 1, 1), date(2027, 11, 27), date.max]
)
def test_still_true_takes_no_day_that_an_article_can_not_wait_for(
    studio: Studio, day: date
) -> None:
    with pytest.raises(InvalidValueError, match="review_by"):
        studio.desk.still_true(studio.safety, [COLD, WAGE], day, at(1))
    assert studio.standing(COLD)[1] == 1


def test_still_true_is_a_reviewer_s_and_renews_an_article_once(studio: Studio) -> None:
    with pytest.raises(ForbiddenError):
        studio.desk.still_true(studio.author, [COLD], REVIEW_BY, at(1))
    assert studio.desk.still_true(studio.safety, [COLD, COLD], REVIEW_BY, at(1)) == [COLD]
    assert studio.standing(COLD)[1] == 2


LINES: Final = st.lists(
    st.text("가나다 :#'\"-\t\ufeff\r", max_size=30).filter(lambda line: not line.startswith("-")),
    max_size=4,
).map("\n".join)
SPACE: Final = st.text(" ", min_size=1, max_size=3)
COMMENT: Final = st.sampled_from(["", " ", "   # 다시 보았다", "\t"])


@given(first=LINES, middle=LINES, body=st.binary(max_size=60), space=SPACE, comment=COMMENT)
def test_renewing_keeps_every_other_byte(
    first: str, middle: str, body: bytes, space: str, comment: str
) -> None:
    def article(checked: str, review: str) -> bytes:
        head = f"---\nx: {first}\nchecked_on:{space}{checked}{comment}\n# {middle}\n"
        return f"{head}review_by:{space}{review}{comment}\n---\n".encode() + body

    old = article("2026-01-02", "2026-03-04")
    new = _renewed("a.md", old, date(2026, 11, 26), REVIEW_BY)
    assert new == article("2026-11-26", "2027-03-01")


@pytest.mark.parametrize(
    "head",
    [
        "checked_on: 2026-11-23",
        "checked_on: 2026-11-23\nchecked_on: 2026-11-23",
        "checked_on: 2026-11-23\nreview_by: soon",
        "checked_on: 2026-11-23\nreview_by: 2027-05-23\nreview_by: 2027-05-23",
        "checked_on: 2026-11-23\n  review_by: 2027-05-23",
        "",
    ],
)
def test_an_article_without_its_two_dates_is_not_renewed(head: str) -> None:
    with pytest.raises(InvalidValueError, match="checked_on and review_by"):
        _renewed("a.md", f"---\n{head}\n---\n글\n".encode(), date(2026, 11, 26), REVIEW_BY)


def test_what_people_did_is_noted_and_forgotten_in_time(studio: Studio) -> None:
    digest = submitted(studio)
    studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(3))
    with studio.desk.database.reading() as session:
        newest, *older = events(session)
        assert (newest.verb, newest.person_id) == ("approve", studio.safety.id)
        assert [each.verb for each in older][:2] == ["submit", "import"]
    with studio.desk.database.transaction() as session:
        forget_old(session, at(2) + KEPT)
        assert [each.verb for each in events(session)] == ["approve"]
    studio.replace(studio.author, COLD, ("모자를", "털모자를"), at(4) + KEPT + timedelta(days=1))
    with studio.desk.database.reading() as session:
        assert [each.verb for each in events(session)] == ["save"]
        assert session.scalar(select(func.count()).select_from(Revision)), "revisions stay"
