"""Nothing reaches a reader that a second person didn't approve, whichever door it came in by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import text, update
from tests.making import COLD, DAY
from tests.stories.ceremony import SIGNERS, People, Said

from bojagi.domain.pack import SignOff
from bojagi.errors import ConflictError
from bojagi.services.desk import Desk
from bojagi.services.publishing import Gate, publish_demo
from bojagi.storage.content import EditionState, SubmittedEdition
from bojagi.storage.people import Role

AUTHOR, REVIEWER, READER, ADMIN = "버드나무", "소나무", "느티나무", "은행나무"
PHONE = "010-1234-5678"
PROMISE = "반드시 보호를 받습니다."
WORN, WORDS, LAST = "모자를 쓰십시오", "털모자를 쓰십시오", "두꺼운 모자를 쓰십시오"


@pytest.fixture
def desk(people: People) -> Iterator[Desk]:
    """The studio, with what stands in the folders, submitted and approved by nobody."""
    people.take_in()
    with people.desk() as desk:
        yield desk


def submitted(people: People) -> str:
    """Import and submit as the author; return the digest."""
    people.must("import", "--revert", "--as", AUTHOR)
    said = people.must("review", "submit", "warm", "ko_KP", "--as", AUTHOR)
    [digest] = re.findall("digest ([0-9a-f]{64})", said.out)
    return str(digest)


def approved(people: People, digest: str) -> None:
    """Let two others sign off."""
    people.must("review", "approve", digest, "--kind", "safety", "--as", REVIEWER)
    people.must("review", "approve", digest, "--kind", "northern_reader", "--as", READER)


def prepared(people: People) -> Said:
    return people.run("release", "prepare", "a3", "--out", people.folder / "request.json")


def test_by_the_command_line_from_a_planted_number_to_an_edition_called_back(
    people: People,
) -> None:
    project = people.project
    people.must("people", "add", ADMIN, "--role", "admin")
    for name, role in ((AUTHOR, "author"), (REVIEWER, "safety_reviewer"), (READER, "publisher")):
        people.must("people", "add", name, "--role", role, "--as", ADMIN)
    project.replace(COLD, WORN, f"{PHONE}로 전화하십시오")
    people.must("import", "--as", AUTHOR)
    stopped = people.run("review", "submit", "warm", "ko_KP", "--as", AUTHOR)
    assert (stopped.code, PHONE in stopped.out) == (1, True)

    project.replace(COLD, f"{PHONE}로 전화하십시오", WORN)
    (project.root / "i18n/en/LC_MESSAGES/warm.po").unlink()
    digest = submitted(people)
    assert people.run("review", "approve", digest, "--kind", "safety", "--as", AUTHOR).code == 3
    shown = people.must("review", "show", digest[:8], "--as", REVIEWER)
    place = re.findall(r"  (cold/\S+):.*모자", shown.out)[0]
    words = ["--comment", place, "어떤 모자인지 쓰십시오"]
    people.must("review", "return", digest, *words, "--as", REVIEWER)
    project.replace(COLD, WORN, WORDS)
    digest = submitted(people)
    approved(people, digest)

    people.make_plan()
    project.replace(COLD, WORDS, LAST)
    people.must("import", "--as", AUTHOR)
    voided = prepared(people)
    assert (voided.code, "by safety" in voided.err, digest in voided.err) == (3, True, False)
    approved(people, submitted(people))

    people.release()
    assert LAST in (people.tree() / "1" / "1.html").read_text("utf-8")
    people.must("verify", "--pin", people.tree() / "repository" / "metadata" / "1.root.json")
    assert people.must("verify", people.tree()).out.startswith("CURRENT")
    people.must("withdraw", "a3/1", "--reason", "mistake", "--key", "w1")
    assert "이 글은 이제 쓰지 않습니다." in (people.tree() / "1" / "1.html").read_text("utf-8")
    said = people.run("verify", people.tree())
    assert (said.code, said.out.startswith("WITHDRAWN")) == (1, True)


def test_somebody_else_s_file_of_approvals_grants_nothing(people: People) -> None:
    people.make_plan()
    asked = re.findall(r"no approval of ([0-9a-f]{64}) by (\w+)", prepared(people).all)
    rows = [
        f"- digest: {digest}\n  kind: {kind}\n  by: 소나무\n  on: 2026-11-20\n"
        for digest, kind in asked
    ]
    people.project.write("content_packs/warm/approvals.yaml", "".join(rows))
    again = re.findall(r"no approval of ([0-9a-f]{64}) by (\w+)", prepared(people).all)
    assert asked
    assert again == asked


def test_what_the_demo_approved_counts_for_no_key_of_people(people: People) -> None:
    people.must("build")
    people.taken_in = people.folders()  # nobody imports: there is only the demo
    people.make_plan()
    said = prepared(people)
    assert (said.code, "no approval of" in said.err) == (3, True)


def test_a_service_that_is_called_past_the_desk_publishes_nothing(people: People) -> None:
    people.take_in()
    with people.desk() as desk, desk.library() as library:
        build = publish_demo(
            library, desk.data, Gate({}, desk.counting_approvals), DAY, lambda _: None
        )
    assert len(build.failures) == 3
    assert all("not approved as it stands" in str(each) for each in build.failures)
    assert not list(people.tree().glob("[0-9]*"))


def test_an_edit_leaves_what_was_approved_before_it_on_a_demo_shelf(people: People) -> None:
    people.take_in()
    with people.desk() as desk, desk.library() as library:
        gate = Gate({}, desk.counting_approvals, lambda built: sign_off(people, desk, built.raw))
        author = people.person(desk, "글쓴이", Role.AUTHOR)
        for pack, locale in (("warm", "ko_KP"), ("warm", "en"), ("pay", "ko_KR")):
            desk.submit(author, pack, locale, DAY)
        assert publish_demo(library, desk.data, gate, DAY, lambda _: None).failures == []
    people.project.replace(COLD, WORN, WORDS)
    people.take_in()
    said = people.run("build")
    assert (said.code, "warm in ko_KP: not approved as it stands" in said.err) == (1, True)
    page = (people.tree() / "1" / "1.html").read_text("utf-8")
    assert WORN in page
    assert WORDS not in page


def sign_off(people: People, desk: Desk, raw: bytes) -> None:
    for kind in SignOff:
        reviewer = people.person(desk, f"{kind} 소나무", Role.SAFETY_REVIEWER)
        desk.approve(reviewer, sha256(raw).hexdigest(), kind, DAY)


def test_a_row_edited_by_hand_opens_no_gate(people: People, desk: Desk) -> None:
    people.make_plan()
    asked = re.findall(r"no approval of ([0-9a-f]{64}) by (\w+)", prepared(people).all)
    author = people.person(desk, "글쓴이", Role.AUTHOR)
    digest = desk.submit(author, "warm", "ko_KP", DAY).digest
    with desk.database.transaction() as session:
        session.execute(update(SubmittedEdition).values(state=EditionState.APPROVED))
    assert re.findall(r"no approval of ([0-9a-f]{64}) by (\w+)", prepared(people).all) == asked

    own = text(
        "INSERT INTO approvals (digest, kind, person_id, pseudonym, at)"
        " VALUES (:digest, 'safety', :person, '누군가', :at)"
    )
    row = {"digest": digest, "person": author.id, "at": datetime(2026, 11, 26, tzinfo=UTC)}
    with pytest.raises(ConflictError, match="own text"), desk.database.transaction() as session:
        session.execute(own, row)
    for change in (
        "UPDATE revisions SET digest = 'f' || substr(digest, 2)",
        "DELETE FROM revisions",
        "DELETE FROM contributors",
        "UPDATE contributors SET person_id = person_id + 1",
    ):
        with pytest.raises(ConflictError), desk.database.transaction() as session:
            session.execute(text(change))


def test_who_asks_for_fewer_sign_offs_later_gets_no_release(people: People, desk: Desk) -> None:
    people.make_plan()
    settings = "content_packs/warm/pack.yaml"
    people.project.replace(settings, "[safety, north", "[safety, clinician, north")
    people.take_in()
    author = people.person(desk, "글쓴이", Role.AUTHOR)
    for locale in ("ko_KP", "en"):
        digest = desk.submit(author, "warm", locale, DAY).digest
        for kind in (SignOff.SAFETY, SignOff.NORTHERN_READER):
            reviewer = people.person(desk, f"{kind} 소나무", Role.SAFETY_REVIEWER)
            assert not desk.approve(reviewer, digest, kind, DAY)
    people.project.replace(settings, "[safety, clinician, north", "[safety, north")
    people.take_in()
    assert desk.submit(author, "warm", "en", DAY).digest == digest, "no byte of it tells"
    said = prepared(people)
    assert (said.code, f"no approval of {digest}" in said.err) == (3, True)


def test_a_text_that_is_changed_on_the_disk_after_its_approval_is_not_signed(
    people: People,
) -> None:
    people.make_plan()
    people.approve_everything()
    request = people.folder / "request.json"
    people.must("release", "prepare", "a3", "--out", request)
    signed = []
    for name in SIGNERS:
        signed.append(people.folder / f"{name}.json")
        people.must("sign", request, "--key", name, "--out", signed[-1], "--yes")
    with people.desk() as desk:
        wanted = sha256((people.project.root / COLD).read_bytes()).hexdigest()
        blob = desk.blobs.path(wanted)
    blob.write_bytes(blob.read_bytes().replace("모자".encode(), "신발".encode()))
    said = people.run("release", "finish", "a3", *signed)
    assert (said.code, wanted[:8] in said.err) == (3, True)


def test_real_keys_sign_no_warning_that_nobody_mended_or_let_stand(people: People) -> None:
    project = people.project
    people.must("people", "add", ADMIN, "--role", "admin")
    for name, role in ((AUTHOR, "author"), (REVIEWER, "safety_reviewer"), (READER, "publisher")):
        people.must("people", "add", name, "--role", role, "--as", ADMIN)
    people.make_plan()
    (project.root / "i18n/en/LC_MESSAGES/warm.po").unlink()
    project.replace(COLD, WORN, PROMISE)
    approved(people, submitted(people))
    stopped = prepared(people)
    assert stopped.code == 3
    assert "blocked by promise" in stopped.err
    assert "let a second person waive it" in stopped.err
    warned = ["--rule", "promise", "--reason", "약속이 아니라 그런 말을 옮긴것입니다"]
    assert people.run("review", "waive", COLD, *warned, "--as", AUTHOR).code == 3
    people.must("review", "waive", COLD, *warned, "--as", REVIEWER)
    assert prepared(people).code == 0
    project.replace(COLD, PROMISE, f"{PROMISE} 정말입니다.")
    approved(people, submitted(people))
    assert "blocked by promise" in prepared(people).err, "an edit ends what was let stand"
