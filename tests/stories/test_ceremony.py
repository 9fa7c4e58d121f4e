"""From approved editions to what a support worker verifies: people, keys, gates, drills."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.making import COLD, SHELVES, WARM, Project
from tests.stories.ceremony import People
from tests.stories.running import running_server
from tests.stories.wire import Asker
from tuf.ngclient import Updater

from bojagi.cli import main
from bojagi.cli.options import database_url
from bojagi.storage.content import GivenApproval


@pytest.fixture(scope="module")
def first_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a first release is kept, by database: it is made once, and each story has a copy."""
    return tmp_path_factory.mktemp("first-releases")


@pytest.fixture
def published(people: People, first_releases: Path, monkeypatch: pytest.MonkeyPatch) -> People:
    """The same, with its first release served and its root pinned."""
    kept = first_releases / ("postgres" if database_url() else "sqlite")
    if not kept.exists():
        people.make_plan()
        people.approve_everything()
        people.release()
        people.must("verify", "--pin", people.tree() / "repository" / "metadata" / "1.root.json")
        people.keep(kept)
    monkeypatch.setenv("BOJAGI_DATABASE_URL", people.become(kept))
    return people


def raise_version(project: Project, version: int) -> None:
    project.replace(f"{WARM}/pack.yaml", f"version: {version - 1}", f"version: {version}")


def test_from_no_key_to_a_shelf_that_a_support_worker_can_trust(published: People) -> None:
    said = published.must("verify", published.tree())
    assert said.out.startswith("CURRENT: genuine and current. That does not mean safe.")
    assert "DEMO" not in said.out
    page = (published.tree() / "1.html").read_text("utf-8")
    assert "시험용" not in page, "what is approved and signed by people is no demo"


def test_a_demo_says_so_and_a_real_release_begins_anew(people: People) -> None:
    people.must("build")
    demo_root = (people.tree() / "repository" / "metadata" / "1.root.json").read_bytes()
    people.must("verify", "--pin", people.tree() / "repository" / "metadata" / "1.root.json")
    assert "DEMO" in people.must("verify", people.tree()).out
    assert "시험용" in (people.tree() / "1.html").read_text("utf-8")
    people.make_plan()
    people.approve_everything()
    people.release()
    root = people.tree() / "repository" / "metadata" / "1.root.json"
    assert root.read_bytes() != demo_root
    said = people.run("verify", people.tree())
    assert (said.code, said.out[:8]) == (1, "NOT OURS"), "whoever pinned a demo pinned nobody"
    people.must("verify", "--pin", root, people.tree())
    said = people.run("build")
    assert "People work in this studio" in said.out
    assert "pay in ko_KR: not approved as it stands" in said.err
    assert said.out.endswith("1 shelves\n"), "a demo build leaves real shelves be"
    people.must("verify", people.tree())


def test_real_keys_refuse_drafts_open_questions_and_an_unraised_version(published: People) -> None:
    project = published.project
    project.replace(COLD, "모자를", "털모자를")
    said = published.run("release", "prepare", "a3")
    assert said.code == 3
    assert "warm in ko_KP: changed, but still version 1" in said.err
    assert "by safety" in said.err
    assert "by northern_reader" in said.err
    raise_version(project, 2)
    project.replace(COLD, "seen_on: 2026-11-23", "to_check: 다시 볼 것")
    assert "source-unchecked" in published.run("release", "prepare", "a3").err


def test_an_edit_after_the_approval_is_stopped_when_the_release_is_finished(people: People) -> None:
    people.make_plan()
    people.approve_everything()
    request = people.folder / "request.json"
    people.must("release", "prepare", "a3", "--out", request)
    signed = []
    for name in ("r1", "r2", "t1", "t2", "p1", "p2", "w1"):
        signed.append(people.folder / f"{name}.json")
        people.must("sign", request, "--key", name, "--out", signed[-1], "--yes")
    with people.desk() as desk, desk.database.transaction() as session:
        session.execute(delete(GivenApproval).where(GivenApproval.kind == "safety"))
    said = people.run("release", "finish", "a3", *signed)
    assert said.code == 3
    assert "signed, but not approved" in said.err
    people.approve_everything()
    people.must("release", "finish", "a3", *signed)


def test_a_role_below_its_threshold_is_named(people: People) -> None:
    people.make_plan()
    people.approve_everything()
    request = people.folder / "request.json"
    people.must("release", "prepare", "a3", "--out", request)
    one = people.folder / "one.json"
    people.must("sign", request, "--key", "r1", "--out", one, "--yes")
    said = people.run("release", "finish", "a3", one)
    assert said.code == 3
    assert "root has 1 of the 2 signatures it needs" in said.err
    assert people.run("publish", "a3").code == 3, "nothing is served that isn't signed"


def test_who_signs_reads_in_their_own_words_what_changes(published: People) -> None:
    project, request = published.project, published.folder / "request.json"
    project.replace(COLD, "모자를", "털모자를")
    raise_version(project, 2)
    published.approve_everything()
    published.must("release", "prepare", "a3", "--out", request)
    out = published.folder / "p1.json"
    said = published.must(
        "sign", request, "--key", "p1", "--out", out, "--yes", "--locale", "ko_KR"
    )
    assert "바뀜 1/0/1: 일터에서 몸을 지키기 (ko_KP), 1차에서 2차로" in said.out
    assert "바뀐 글 1: 추위에서 몸을 지키기" in said.out
    assert "더위" not in said.out, "what didn't change isn't named"
    assert "소지 위험도: 보통" in said.out
    assert "서가 a3: 서명하면 바뀌는 것." in said.out


def test_a_request_that_was_doctored_is_not_signed(published: People) -> None:
    project, request = published.project, published.folder / "request.json"
    project.replace(COLD, "모자를", "털모자를")
    raise_version(project, 2)
    published.approve_everything()
    published.must("release", "prepare", "a3", "--out", request)
    fields = json.loads(request.read_bytes())

    def refused(**changes: object) -> str:
        doctored = published.folder / "doctored.json"
        doctored.write_text(json.dumps({**fields, **changes}), "utf-8")
        said = published.run("sign", doctored, "--key", "p1", "--yes")
        assert said.code in {2, 3}, said.all
        assert not doctored.with_name("doctored-p1.json").exists()
        return said.err

    role = fields["roles"]["1-0"]
    [path] = role["targets"]
    assert "doesn't hold the bytes" in refused(contents=fields["contents"][:0])
    custom = {"r": "2099-01-01", "v": 2}
    target = {**role["targets"][path], "custom": custom}
    later = {**fields["roles"], "1-0": {**role, "targets": {path: target}}}
    assert "another day, version or number" in refused(roles=later)
    assert "doesn't follow" in refused(roles={"1-0": {**role, "version": 9}})
    forged = fields["known"]["1-0"].replace('"version":1', '"version":8')
    known = {**fields["known"], "1-0": forged}
    assert "wasn't signed by those it names" in refused(known=known)
    root = json.loads(fields["known"]["root"])["signed"]
    assert refused(roles={**fields["roles"], "1-0": root})
    assert refused(format="bojagi-request/9")


def test_an_edition_is_called_back_at_once_by_one_reviewer_and_for_ever(published: People) -> None:
    before = published.folder / "older"
    shutil.copytree(published.tree(), before)
    bundle = published.folder / "0.zip"
    published.must("bundle", "make", "a3", "--out", bundle, "--only-locale", "ko_KP")
    said = published.run("withdraw", "a3/1", "--reason", "danger")
    assert (said.code, "--key" in said.err) == (2, True)
    assert published.run("withdraw", "a3/1", "--reason", "danger", "--key", "p1").code == 3
    said = published.must("withdraw", "a3/1", "--reason", "danger", "--key", "w1")
    assert "STILL SERVED, the same pack in another language: a3/101" in said.out
    assert "called back already" not in said.out
    again = published.run("withdraw", "a3/1", "--reason", "danger", "--key", "w1")
    assert (again.code, "or it was called back" in again.err) == (3, True)
    for what in (published.tree(), before, bundle):
        said = published.run("verify", what)
        assert said.code == 1
        assert said.out.startswith("WITHDRAWN"), what
        assert "1/0/1, version 1: withdrawn" in said.out
        assert "가지고있지 마십시오" in said.out
    assert "1/1/1, version 1: current" in published.run("verify", published.tree()).out
    pages = [published.tree() / name for name in ("1.html", "1/1.html", "1/2.html")]
    assert all("이 글은 이제 쓰지 않습니다." in page.read_text("utf-8") for page in pages)
    assert "추위" not in (published.tree() / "index.html").read_text("utf-8")
    assert not list((published.tree() / "repository" / "targets" / "1" / "0").glob("*"))
    assert "nothing to sign" in published.must("release", "prepare", "a3").out


def test_a_release_prepared_before_a_withdrawal_does_not_undo_it(published: People) -> None:
    project, request = published.project, published.folder / "request.json"
    project.replace("i18n/en/LC_MESSAGES/warm.po", "words d", "other words")
    raise_version(project, 2)
    published.approve_everything()
    published.must("keys", "make", "w2")
    public = published.folder / "keys" / "w2.pub"
    first = (published.tree() / "repository" / "metadata" / "1.w.json").read_bytes()
    published.must("keys", "rotate", "a3", "withdrawals", _key_id(published, "w1"), public)
    published.must("release", "prepare", "a3", "--out", request)
    published.must("withdraw", "a3/1", "--reason", "mistake", "--key", "w1")
    assert (published.tree() / "repository" / "metadata" / "2.w.json").read_bytes() != first
    signed = []
    for name in ("t1", "t2", "p1", "p2", "w2"):
        signed.append(published.folder / f"{name}.json")
        published.must("sign", request, "--key", name, "--out", signed[-1], "--yes")
    said = published.run("release", "finish", "a3", *signed)
    assert (said.code, "prepare it again" in said.err) == (3, True)


def _key_id(people: People, name: str) -> str:
    return str(json.loads((people.folder / "keys" / f"{name}.pub").read_text("utf-8"))["keyid"])


def test_a_publishers_stolen_key_stops_working_for_whoever_sees_the_new_targets(
    published: People,
) -> None:
    stolen = published.folder / "thief"
    shutil.copytree(published.tree(), stolen)
    published.must("keys", "make", "p3")
    public = published.folder / "keys" / "p3.pub"
    said = published.must(
        "keys", "rotate", "a3", "publisher:demo", _key_id(published, "p1"), public
    )
    assert "It counts once it is signed" in said.out
    request = published.folder / "request.json"
    published.must("release", "prepare", "a3", "--out", request)
    signed = []
    for name in ("t1", "t2", "p2", "p3"):
        signed.append(published.folder / f"{name}.json")
        published.must("sign", request, "--key", name, "--out", signed[-1], "--yes")
    assert "has no say" in published.run("sign", request, "--key", "p1", "--yes").err
    published.must("release", "finish", "a3", *signed)
    published.must("publish", "a3")
    published.must("verify", published.tree())
    assert published.must("verify", stolen).code == 0, "what it signed before is the same bytes"


def test_a_timer_refreshes_and_status_warns_ahead(published: People) -> None:
    before = (published.tree() / "repository" / "metadata" / "timestamp.json").read_bytes()
    pages = (published.tree() / "1.html").read_bytes()
    assert published.must("release", "status").out.count("\n") == 7
    published.must("release", "refresh")
    assert (published.tree() / "repository" / "metadata" / "timestamp.json").read_bytes() != before
    assert (published.tree() / "1.html").read_bytes() == pages
    ends = json.loads(published.must("release", "status", "--json").out)
    assert {each["role"] for each in ends} == {
        *("root", "targets", "1-0", "1-1", "w", "snapshot", "timestamp")
    }
    assert not any(each["ends_soon"] for each in ends)


def test_somebody_without_the_online_keys_can_not_publish(published: People) -> None:
    (published.folder / "keys" / "z1.key").unlink()
    said = published.run("release", "refresh", "a3")
    assert (said.code, "signs timestamps" in said.err) == (3, True)


def test_a_key_signs_for_one_shelf_and_a_demo_key_for_none(published: People) -> None:
    public = published.folder / "keys" / "r1.pub"
    said = published.run("keys", "add", "d5", "root", public)
    assert (said.code, "signs for shelf a3" in said.err) == (3, True)
    again = published.run("keys", "add", "a3", "root", public)
    assert "signs for this role already" in again.err
    assert published.run("keys", "revoke", "a3", "root", "ffffffff").code == 3
    assert published.run("keys", "add", "a3", "nobody", public).code == 3


def test_keys_are_never_where_pages_are_served(people: People) -> None:
    inside = people.project.data / "shelves" / "keys"
    people.take_in()
    said = people.run("keys", "make", "r1")
    assert said.code == 0
    private = people.folder / "keys" / "r1.key"
    assert private.stat().st_mode & 0o077 == 0
    assert b"PRIVATE KEY" not in people.run("keys", "list").all.encode()
    where = ["--keys", inside, "--data", people.project.data]
    options = [str(option) for option in where]
    assert main(["keys", "plan", "a3", *options]) == 0, "a plan needs no keys"
    assert main(["release", "prepare", "a3", *options]) == 3
    assert "where pages are served" in people.capsys.readouterr().err


def test_python_tufs_own_updater_downloads_every_target_of_a_served_shelf(
    published: People, tmp_path: Path
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    kept = tmp_path / "kept"
    kept.mkdir()
    root = (published.tree() / "repository" / "metadata" / "1.root.json").read_bytes()
    with running_server(published.project.data, folder) as server:
        base = f"{server.origin}/repository"
        updater = Updater(
            str(kept), f"{base}/metadata/", str(kept), f"{base}/targets/", bootstrap=root
        )
        for path in ("1/0/1", "1/1/1"):
            info = updater.get_targetinfo(path)
            assert info is not None
            content = Path(updater.download_target(info)).read_bytes()
            assert json.loads(content)["format"] == "bojagi-edition/1"
        published.must("verify", server.origin)
        with closing(Asker(server.port)) as asker:
            newest = asker.ask("/repository/metadata/timestamp.json")
            assert newest.header("cache-control") == "no-cache"
            tag = newest.header("etag")
            again = asker.ask("/repository/metadata/timestamp.json", If_None_Match=tag)
            assert (again.status, again.body) == (304, b"")


SEALED = (
    SHELVES
    + """\
f8:
  audiences: [staff]
  locales: [ko_KR, en]
  library_locale: ko_KR
  ceiling: dangerous
  sealed: true
"""
)


def test_a_sealed_shelf_is_signed_by_two_and_opened_by_who_has_its_key(published: People) -> None:
    project = published.project
    project.write("content_packs/shelves.yaml", SEALED)
    published.make_plan("f8", "f")
    assert "no f8.shelf" in published.run("release", "prepare", "f8").err
    published.must("keys", "shelf", "f8", "--make")
    assert "--rotate" in published.run("keys", "shelf", "f8", "--make").err
    published.release("f8", "f")
    published.must(
        "verify", "--pin", published.tree("f8") / "repository" / "metadata" / "1.root.json"
    )
    said = published.must("verify", published.tree("f8"))
    assert said.out.startswith("CURRENT")
    bundle = published.folder / "staff.bin"
    published.must("bundle", "make", "f8", "--out", bundle)
    shown = published.must("bundle", "show", bundle).out
    assert "동반 자료: 일터에서 몸을 지키기 (ko_KP)" in shown
    published.must("bundle", "verify", bundle)
    for file in (*published.tree("f8").rglob("*"), bundle):
        if file.is_file():
            assert "동반".encode() not in file.read_bytes()


def test_the_key_of_a_sealed_shelf_goes_from_person_to_person_in_words(
    published: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published.project.write("content_packs/shelves.yaml", SEALED)
    published.must("keys", "shelf", "f8", "--make")
    said = published.must("keys", "shelf", "f8", "--words")
    words = said.out.strip()
    assert len(words.split()) == 12
    assert "never by a messenger" in said.err
    published.must("keys", "shelf", "f8", "--qr", "--out", tmp_path / "key.png")
    other = People(published.project, tmp_path / "other", published.capsys)
    monkeypatch.setattr("sys.stdin", _Typed(words))
    other.must("keys", "shelf", "f8", "--take")
    assert other.must("keys", "shelf", "f8", "--words", "--language", "en").out != said.out
    assert other.must("keys", "shelf", "f8", "--words").out == said.out
    published.must("keys", "shelf", "f8", "--rotate")
    assert published.must("keys", "shelf", "f8", "--words").out != said.out
    assert published.run("keys", "shelf", "a3", "--make").code == 2, "an open shelf has none"


class _Typed:
    """A keyboard."""

    def __init__(self, line: str) -> None:
        self.line = line

    def readline(self) -> str:
        return self.line

    def isatty(self) -> bool:
        return False


def test_every_translation_and_a_forgery_nobody_has_can_be_called_back(published: People) -> None:
    said = published.must("withdraw", "a3/1", "--reason", "mistake", "--key", "w1", "--all-locales")
    assert [line[:12] for line in said.out.splitlines()[:2]] == ["a3/1: called", "a3/101: call"]
    assert "STILL SERVED" not in said.out
    forged = "f" * 64
    published.must("withdraw", f"a3/{forged}", "--reason", "forged", "--key", "w1")
    listed = (published.tree() / "repository" / "metadata" / "3.w.json").read_text("utf-8")
    assert f'"w/{forged}"' in listed
    wrong = published.run("withdraw", "a3/1", "--reason", "danger", "--key", "p1")
    assert "isn't a safety reviewer's" in wrong.err


def test_a_host_that_can_not_be_read_is_no_verdict(published: People) -> None:
    said = published.run("verify", "http://127.0.0.1:1")
    assert (said.code, said.out) == (3, "")
    assert "nothing is known of it" in said.err


def test_a_sealed_bundle_without_its_key_is_no_verdict(
    published: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bojagi.trust.demo.demo_shelf_keys", lambda: iter(()))
    bundle = tmp_path / "stick" / "1.bin"
    published.must("bundle", "make", "a3", "--out", bundle, "--with-passphrase")
    (published.folder / "passphrase").write_text("다른 낱말로 된 암호 하나 둘 셋\n", "utf-8")
    assert "sealed under another key" in published.run("verify", bundle).err
    said = published.run("verify", bundle.parent)
    assert (said.code, "Nothing is known of it" in said.out) == (1, True)
    assert "NOT OURS" not in said.out
