"""The studio by the command line alone: people, folders, review up to approval, upkeep."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import text
from tests.making import COLD, DAY, HEAT, Project, make_project
from tests.storage.postgres import new_database
from tests.stories.ceremony import Said

from bojagi.cli import main, options
from bojagi.services.door import Door
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database

PASSWORD = "강가에 느티나무 한 그루"  # noqa: S105 - of nobody
PHONE = "010-1234-5678"


class Studio:
    """Everybody at the shell of the studio's host."""

    def __init__(self, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
        self.project = project
        self.capsys = capsys

    def run(self, *words: str | Path, data: Path | None = None) -> Said:
        """Run a command on this studio."""
        self.capsys.readouterr()
        parts = [str(word) for word in words]
        parts += ["--data", str(data or self.project.data)]
        if parts[0] in {"import", "export"}:
            parts += ["--root", str(self.project.root)]
        try:
            code = main(parts)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return Said(code, out, err)

    def must(self, *words: str | Path, data: Path | None = None) -> str:
        """Run a command that has to end well; return what it printed."""
        said = self.run(*words, data=data)
        assert said.code == 0, said.all
        return said.out

    def submit(self, person: str = "버드나무") -> str:
        """Submit `warm` in its own locale and return the digest."""
        said = self.must("review", "submit", "warm", "ko_KP", "--as", person)
        [digest] = re.findall("digest ([0-9a-f]{64})", said)
        return str(digest)

    def waiting(self) -> list[dict[str, object]]:
        """Return what waits, as a script reads it."""
        out = self.must("review", "list", "--all", "--json", "--as", "버드나무")
        found: list[dict[str, object]] = json.loads(out)
        return found

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Open the database beside the command line."""
        database = Database.in_folder(self.project.data, options.database_url())
        yield database
        database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def studio(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Studio:
    """A studio with an admin and its people, nothing imported yet: on SQLite, then PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BOJAGI_PERSON", raising=False)
    if request.param == "postgres":
        url = new_database(request.getfixturevalue("postgres"))
        monkeypatch.setenv("BOJAGI_DATABASE_URL", url)
    made = Studio(make_project(tmp_path / "project"), capsys)
    made.must("people", "add", "은행나무", "--role", "admin")
    for name, *roles in (
        ("버드나무", "author"),
        ("소나무", "safety_reviewer", "author"),
        ("느티나무", "publisher"),
        ("진달래", "translator"),
    ):
        chosen = [word for role in roles for word in ("--role", role)]
        made.must("people", "add", name, *chosen, "--as", "은행나무")
    return made


def keyboard(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Sit at a terminal and type."""
    waiting = list(lines)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: waiting.pop(0))
    monkeypatch.setattr("builtins.input", lambda _: waiting.pop(0))


def test_from_a_planted_phone_number_to_an_edition_with_every_sign_off(studio: Studio) -> None:
    project = studio.project
    project.replace(COLD, "모자를 쓰십시오", f"모자를 쓰고 {PHONE}로 전화하십시오")
    assert f"taken: {COLD}" in studio.must("import", "--as", "버드나무")
    stopped = studio.run("review", "submit", "warm", "ko_KP", "--as", "버드나무")
    assert stopped.code == 1
    assert f"{COLD}:" in stopped.out
    assert PHONE in stopped.out
    assert studio.must("review", "list", "--as", "버드나무") == "Nothing waits for review.\n"

    project.replace(COLD, f" {PHONE}로 전화하십시오", " 목도리를 두르십시오")
    assert f"taken: {COLD}\n1 taken, 0 gone" in studio.must("import", "--as", "버드나무")
    first = studio.submit()
    own = studio.run("review", "approve", first, "--kind", "safety", "--as", "버드나무")
    assert own.code == 3
    assert "it takes" in own.err

    shown = studio.must("review", "show", first[:8], "--as", "소나무", "--out", "page.html")
    assert "목도리를 두르십시오" in Path("page.html").read_text("utf-8")
    place = re.findall(r"  (cold/\S+): 헐렁한 옷을", shown)[0]
    words = "옷의 수를 말하십시오"
    comment = ["--comment", place, words]
    studio.must("review", "return", first[:8], *comment, "--as", "소나무")
    assert f"소나무 on {place}: {words}" in studio.must("review", "show", first, "--as", "버드나무")
    said = studio.run("review", "approve", first, "--kind", "safety", "--as", "소나무")
    assert (said.code, "returned" in said.err) == (3, True)
    again = studio.run("review", "submit", "warm", "ko_KP", "--as", "버드나무")
    assert (again.code, "mend them first" in again.err) == (3, True)

    project.replace(COLD, "여러벌", "세벌")
    studio.must("import", "--as", "버드나무")
    second = studio.submit()
    assert second != first
    assert "It needs others still." in studio.must(
        "review", "approve", second, "--kind", "safety", "--as", "소나무"
    )
    twice = studio.run("review", "approve", second, "--kind", "northern_reader", "--as", "소나무")
    assert (twice.code, "has given another of its sign-offs" in twice.err) == (3, True)
    assert "missing: northern_reader" in studio.must("review", "list", "--as", "버드나무")
    assert "every sign-off it needs" in studio.must(
        "review", "approve", second[:12], "--kind", "northern_reader", "--as", "느티나무"
    )
    assert studio.must("review", "list", "--as", "버드나무") == "Nothing waits for review.\n"
    [approved] = studio.waiting()
    assert (approved["state"], approved["stands"], approved["missing"]) == ("approved", True, [])
    assert approved["given"] == {"safety": "소나무", "northern_reader": "느티나무"}

    project.replace(COLD, "세벌", "네벌")
    studio.must("import", "--as", "버드나무")
    [voided] = studio.waiting()
    assert (voided["digest"], voided["stands"]) == (second, False)
    assert "approved by nobody" in studio.must("review", "list", "--as", "버드나무")
    third = studio.submit()
    [fresh] = studio.waiting()
    assert (fresh["digest"], fresh["given"]) == (third, {})
    assert fresh["missing"] == ["safety", "northern_reader"]


@pytest.mark.parametrize("studio", ["sqlite"], indirect=True)
def test_a_reviewer_who_also_wrote_cannot_approve(studio: Studio) -> None:
    studio.must("import", "--as", "소나무")
    digest = studio.submit("버드나무")
    said = studio.run("review", "approve", digest, "--kind", "safety", "--as", "소나무")
    assert (said.code, said.err) == (3, "bojagi: nobody approves their own text\n")


def test_somebody_without_an_account_signs_off_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.must("import", "--as", "버드나무")
    digest = studio.submit()
    who = ["--kind", "northern_reader", "--for", "함박꽃", "--as", "느티나무"]
    secret = studio.must("review", "link", digest[:10], *who).strip()
    Path("link.txt").write_text(f"{secret}\n", "utf-8")
    said = studio.run("review", "sign-off", "link.txt")
    assert (said.code, "no terminal to ask" in said.err) == (2, True)
    keyboard(monkeypatch, "no", "yes")
    assert studio.run("review", "sign-off", "link.txt").code == 1
    out = studio.must("review", "sign-off", secret, "--out", "page.html")
    assert "signed off for northern_reader by 함박꽃" in out
    assert Path("page.html").read_text("utf-8") == Path(f"{digest[:16]}.html").read_text("utf-8")
    said = studio.run("review", "sign-off", secret, "--yes")
    assert (said.code, "was used or has ended" in said.err) == (3, True)
    [edition] = studio.waiting()
    assert edition["given"] == {"northern_reader": "함박꽃"}


def test_folder_and_studio_that_both_changed_are_refused_with_the_difference(
    studio: Studio,
) -> None:
    project = studio.project
    studio.must("import", "--as", "버드나무")
    true = ["review", "still-true", HEAT, "--review-by", "2026-12-20"]
    before = project.read(HEAT)
    said = studio.run(*true, "--as", "버드나무")
    assert (said.code, "it takes" in said.err) == (3, True)
    studio.must(*true, "--as", "소나무")
    project.replace(HEAT, "그늘에서 쉬십시오", "그늘에서 오래 쉬십시오")
    for verb in ("import", "export"):
        said = studio.run(verb, "--as", "버드나무")
        assert said.code == 1
        assert "-review_by: 2026-12-20" in said.err
        assert "+더운 날에는 물을 자주 마시고 그늘에서 오래 쉬십시오." in said.err
    project.write(HEAT, before)
    assert f"newer here: {HEAT}" in studio.must("import", "--as", "버드나무")
    assert studio.must("export", "--as", "버드나무") == f"{HEAT}\n1 written\n"
    assert "review_by: 2026-12-20" in project.read(HEAT)
    assert studio.must("import", "--as", "버드나무").startswith("0 taken, 0 gone, 0 newer here\n")


def test_who_reads_does_not_wait_for_who_writes(studio: Studio) -> None:
    studio.must("import", "--as", "버드나무")
    digest = studio.submit()
    with studio.database() as database, database.transaction() as session:
        session.execute(text("UPDATE documents SET synced = synced"))
        session.execute(text("UPDATE editions SET state = 'returned'"))
        [edition] = studio.waiting()
        assert edition["state"] == "submitted", "what isn't acknowledged isn't seen"
        assert "missing: safety" in studio.must("review", "show", digest, "--as", "소나무")
        studio.must("db", "status")
        studio.must("db", "backup", "backup.zip")


@pytest.mark.parametrize("studio", ["sqlite"], indirect=True)
def test_an_import_where_no_packs_are_takes_nothing_away(studio: Studio, tmp_path: Path) -> None:
    studio.must("import", "--as", "버드나무")
    empty = Studio(Project(tmp_path / "empty"), studio.capsys)
    said = empty.run("import", "--as", "버드나무", data=studio.project.data)
    assert (said.code, "there is no content_packs/" in said.err) == (3, True)
    assert "0 taken, 0 gone" in studio.must("import", "--as", "버드나무")


def test_a_warning_is_waived_by_a_second_person_and_a_block_by_nobody(studio: Studio) -> None:
    studio.project.replace(COLD, "모자를 쓰십시오", f"모자를 쓰고 {PHONE}로 전화하십시오")
    studio.project.replace(HEAT, "title: 더위", f"title: {'더위와 ' * 12}더위")
    studio.must("import", "--as", "버드나무")
    waive = ["review", "waive", HEAT, "--rule", "title-length", "--reason", "사실이다"]
    assert studio.run(*waive, "--as", "버드나무").code == 3
    assert "may stand" in studio.must(*waive, "--as", "소나무")
    said = studio.run(*waive, "--as", "소나무")
    assert (said.code, "finds nothing" in said.err) == (2, True)
    block = ["review", "waive", COLD, "--rule", "phone", "--reason", "꼭 필요하다"]
    assert studio.run(*block, "--as", "소나무").code == 2


@pytest.mark.parametrize("studio", ["sqlite"], indirect=True)
def test_an_invitation_is_taken_once_and_opens_the_studio(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = studio.run("people", "accept")
    assert (said.code, "no terminal to ask" in said.err) == (2, True)
    out = studio.must("people", "reset", "버드나무", "--as", "은행나무")
    secret = re.findall(r"invitation: (\S+)", out)[0]
    keyboard(monkeypatch, secret, PASSWORD, "다른 암호", secret, "짧다", "짧다")
    said = studio.run("people", "accept")
    assert (said.code, "differ" in said.err) == (2, True)
    said = studio.run("people", "accept")
    assert (said.code, "at least 12" in said.err) == (3, True)
    keyboard(monkeypatch, secret, PASSWORD, PASSWORD, secret, PASSWORD, PASSWORD)
    out = studio.must("people", "accept")
    address = re.findall(r"otpauth://\S+", out)[0]
    assert "█" in out or "▀" in out
    codes = re.findall(r"^  (\S+-\S+)$", out, re.MULTILINE)
    assert len(codes) == 8
    assert PASSWORD not in out
    assert "issuer" not in address, "a phone that is searched names no publisher"
    one_time = pyotp.parse_uri(address)
    assert isinstance(one_time, pyotp.TOTP)
    now = datetime.now(tz=UTC)
    with studio.database() as database:
        assert Door(database).sign_in(("버드나무", PASSWORD, one_time.at(now)), "", now)
        assert Door(database).sign_in(("버드나무", PASSWORD, codes[0]), "", now)
    said = studio.run("people", "accept")
    assert (said.code, "was used or has ended" in said.err) == (3, True)


def test_people_are_listed_changed_and_let_in_no_more(studio: Studio) -> None:
    out = studio.must("people", "list", "--json", "--as", "은행나무")
    listed = {each["pseudonym"]: each for each in json.loads(out)}
    assert listed["소나무"]["roles"] == ["author", "safety_reviewer"]
    assert {each["state"] for each in listed.values()} == {"invited"}
    assert studio.run("people", "list", "--as", "버드나무").code == 3
    roles = ["--role", "translator", "--role", "author"]
    assert "author, translator" in studio.must(
        "people", "roles", "진달래", *roles, "--as", "은행나무"
    )
    studio.must("people", "disable", "버드나무", "--as", "은행나무")
    assert "disabled  버드나무: author" in studio.must("people", "list", "--as", "은행나무")
    said = studio.run("import", "--as", "버드나무")
    assert (said.code, "may not import" in said.err) == (3, True)
    said = studio.run("people", "disable", "은행나무", "--as", "은행나무")
    assert (said.code, "ask another admin" in said.err) == (3, True)
    assert "invitation: " in studio.must("people", "reset", "은행나무", "--as", "은행나무"), (
        "nobody else could let the only admin in again"
    )
    studio.must("people", "add", "단풍나무", "--role", "admin", "--as", "은행나무")
    assert studio.run("people", "reset", "은행나무", "--as", "은행나무").code == 3


def test_only_the_first_person_comes_without_an_admin_and_is_one(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ["people", "add", "민들레", "--role", "admin"]
    said = studio.run(*add)
    assert (said.code, "--as NAME" in said.err) == (2, True)
    assert studio.run(*add, "--as", "버드나무").code == 3
    said = studio.run("people", "add", "버드나무", "--role", "author", "--as", "은행나무")
    assert (said.code, "somebody's pseudonym already" in said.err) == (3, True)
    monkeypatch.delenv("BOJAGI_DATABASE_URL", raising=False)
    new = tmp_path / "new"
    said = studio.run("people", "add", "민들레", "--role", "author", data=new)
    assert (said.code, "first person" in said.err) == (2, True)
    assert studio.run("people", "add", " ", "--role", "admin", data=new).code == 2
    monkeypatch.setenv("BOJAGI_PERSON", "민들레")
    studio.must(*add, data=new)
    studio.must("people", "add", "제비꽃", "--role", "author", data=new)


def test_a_token_is_shown_once_and_can_be_ended(studio: Studio) -> None:
    out = studio.must(
        "people", "token", "밤마다", "--scope", "read", "--scope", "write", "--as", "버드나무"
    )
    secret = re.findall(r"token: (\S+)", out)[0]
    with studio.database() as database:
        found = Door(database).person_of_token(secret, datetime.now(tz=UTC))
    assert found
    assert found[0].pseudonym == "버드나무"
    assert found[1] == {"read", "write"}
    assert studio.run("people", "token", "밤마다", "--scope", "read", "--as", "버드나무").code == 3
    assert studio.run("people", "token", "x", "--scope", "all", "--as", "버드나무").code == 2
    studio.must("people", "token", "밤마다", "--revoke", "--as", "버드나무")
    with studio.database() as database:
        assert Door(database).person_of_token(secret, datetime.now(tz=UTC)) is None
    assert studio.run("people", "token", "밤마다", "--revoke", "--as", "버드나무").code == 2


@pytest.mark.parametrize("studio", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["review", "list"], 2, "--as NAME"),
        (["review", "list", "--as", "아무도"], 2, "somebody who was added"),
        (["import", "--as", "아무도"], 2, "somebody who was added"),
        (["people", "disable", "아무도", "--as", "은행나무"], 2, "somebody who was added"),
        (["review", "show", "abc", "--as", "소나무"], 2, "first 8 hexadecimal digits"),
        (["review", "show", "ABCDEF01", "--as", "소나무"], 2, "first 8 hexadecimal digits"),
        (["review", "show", "0" * 8, "--as", "소나무"], 2, "one that was submitted"),
        (["review", "submit", "nothing", "ko_KP", "--as", "버드나무"], 2, "one that is there"),
        (["review", "submit", "../../etc", "ko_KP", "--as", "버드나무"], 2, "one that is there"),
        (["review", "submit", "warm", "ru", "--as", "버드나무"], 2, "ko_KP, en"),
        (["review", "submit", "warm", "조선", "--as", "버드나무"], 2, "locale"),
        (["review", "sign-off", "nothing"], 3, "was used or has ended"),
        (["review", "approve", "0" * 8, "--kind", "all", "--as", "소나무"], 2, "choose from"),
        (["review", "still-true", COLD, "--review-by", "soon", "--as", "소나무"], 2, "no day"),
        (["review", "still-true", "x", "--review-by", "2027-01-01", "--as", "소나무"], 2, "there"),
        (["db", "restore", "nothing.zip"], 3, "isn't there"),
        (["db", "retention", "--days", "0"], 2, "is not a retention"),
        (["db", "retention", "--days", "99999999999"], 2, "is not a retention"),
    ],
)
def test_words_that_are_off_are_told_in_one_sentence(
    studio: Studio, words: list[str], code: int, said: str
) -> None:
    if words[0] == "review":
        studio.must("import", "--as", "버드나무")
    found = studio.run(*words)
    assert (found.code, said in found.err) == (code, True), found.all


def test_digits_that_several_editions_begin_with_are_not_enough(studio: Studio) -> None:
    studio.must("import", "--as", "버드나무")
    digest = studio.submit()
    with studio.database() as database, database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO editions (digest, pack, locale, version, state, person_id, at) "
                "SELECT :other, pack, 'en', version, state, person_id, at FROM editions"
            ),
            {"other": digest[:20] + "0" * 44},
        )
    said = studio.run("review", "show", digest[:8], "--as", "버드나무")
    assert (said.code, "2 editions begin so" in said.err) == (2, True)
    studio.must("review", "show", digest[:40], "--as", "버드나무")
    said = studio.run(
        "review", "return", digest, "--comment", "cold/없는곳", "왜?", "--as", "소나무"
    )
    assert (said.code, "no passage" in said.err) == (2, True)


def test_a_backup_by_the_command_line_brings_everything_back(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.must("import", "--as", "버드나무")
    digest = studio.submit()
    studio.must("review", "approve", digest, "--kind", "safety", "--as", "소나무")
    file = tmp_path / "backup.zip"
    assert "files of ledgers" in studio.must("db", "backup", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert studio.must("db", "status").count("DAMAGED") == 0
    said = studio.run("db", "restore", file)
    assert (said.code, "isn't empty" in said.err) == (3, True)
    monkeypatch.delenv("BOJAGI_DATABASE_URL", raising=False)
    new = tmp_path / "new"
    assert studio.run("db", "status", data=new).code == 2
    assert studio.run("db", "backup", tmp_path / "x.zip", data=new).code == 2
    spoilt = tmp_path / "spoilt.zip"
    spoilt.write_bytes(file.read_bytes()[:-100])
    assert studio.run("db", "restore", spoilt, data=new).code == 3
    assert not new.exists(), "nothing is written before all of it was read"
    studio.must("db", "restore", file, data=new)
    shown = studio.must("review", "show", digest[:8], "--as", "버드나무", data=new)
    assert "signed off for safety by 소나무" in shown
    again = tmp_path / "again.zip"
    studio.must("db", "backup", again, data=new)
    assert again.read_bytes() == file.read_bytes()
    blob = next(path for path in (new / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(b"")
    said = studio.run("db", "status", "--json", data=new)
    assert said.code == 1
    assert json.loads(said.out)["damaged"]
    assert str(new) in said.out


def test_what_people_did_is_forgotten_after_its_time(studio: Studio) -> None:
    studio.must("import", "--as", "버드나무")
    with studio.database() as database, database.transaction() as session:
        session.execute(
            text("UPDATE audit_events SET at = :then WHERE verb <> 'import'"),
            {"then": (DAY - timedelta(days=800)).replace(tzinfo=None)},
        )
    status = json.loads(studio.must("db", "status", "--json"))
    before = status["rows"]["audit_events"]
    assert before > 5
    blobs = Blobs(studio.project.data / "blobs")
    left, long_ago = blobs.path(blobs.keep(b"of a verb that was cut short")), DAY.timestamp() - 9e6
    os.utime(left, (long_ago, long_ago))
    assert f"{before - 1} forgotten" in studio.must("db", "retention")
    status = json.loads(studio.must("db", "status", "--json"))
    assert status["rows"]["audit_events"] == 2, "what was imported, and that the rest was forgotten"
    assert not left.exists()
    assert status["sound"]


@pytest.mark.parametrize("studio", ["sqlite"], indirect=True)
def test_every_verb_tells_what_it_takes(studio: Studio) -> None:
    for group in ("people", "review", "db"):
        verbs = re.findall(r"^    ([a-z-]+)", studio.run(group, "--help").out, re.MULTILINE)
        assert len(verbs) > 4
        for verb in verbs:
            said = studio.run(group, verb, "--help")
            assert (said.code, "usage: bojagi" in said.out) == (0, True)
