"""Twenty people at one studio at once, in four programs: nothing is lost, conflicts are told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from typing import Final

import pytest
from sqlalchemy import select
from tests.making import COLD
from tests.services.desks import Studio, at, open_studio
from tests.storage.postgres import new_database
from tests.stories.measured import MEASURED
from tests.stories.running import program_environment

from bojagi.domain.pack import SignOff
from bojagi.errors import ConflictError, SignInError
from bojagi.services.reviewing import Passage, edition_named
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import Document, EditionState, Revision
from bojagi.storage.database import Database
from bojagi.storage.people import Person

PROGRAMS: Final = 4
PEOPLE: Final = 5
"""In each program."""
TURNS: Final = 8
SHARED: Final = ("content_packs/warm/01-cold.md", "content_packs/warm/facts.yaml")

PROGRAM: Final = """
import json, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from bojagi.errors import ConflictError, NotThereError
from bojagi.services.accounts import add_person
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.documents import current_files, read_document
from bojagi.storage.people import Role

folder, url, program, people, turns, *shared = sys.argv[1:]
print(json.dumps({"ready": program}), flush=True)
sys.stdin.readline()
desk = Desk.open(DataFolder(Path(folder)), url)
told = threading.Lock()

def tell(**said):
    with told:
        print(json.dumps(said), flush=True)

def standing(path):
    try:
        with desk.database.reading() as session:
            return read_document(session, desk.blobs, path)[1]
    except NotThereError:
        return 0

def work(who):
    with desk.database.transaction() as session:
        person, _ = add_person(session, who, [Role.AUTHOR], None, datetime.now(UTC))
    own, seen = f"content_packs/warm/{who}.md", {}
    for turn in range(int(turns)):
        for path in (own, shared[turn % len(shared)]):
            text = f"{who}의 {turn}번째 글"
            before = seen.get(path, 0)
            try:
                seen[path] = desk.save(person, path, text.encode(), before, datetime.now(UTC))
                tell(who=who, path=path, text=text, number=seen[path])
            except ConflictError as error:
                tell(who=who, path=path, conflict=str(error))
                seen[path] = standing(path)

def read(done):
    while not done.wait(0.02):
        with desk.database.reading() as session:
            current_files(session, desk.blobs)

done = threading.Event()
reader = threading.Thread(target=read, args=[done])
threads = [threading.Thread(target=work, args=[f"{program}-{n}"]) for n in range(int(people))]
for thread in (reader, *threads):
    thread.start()
for thread in threads:
    thread.join()
done.set()
reader.join()
"""

WHERE: Final = pytest.mark.parametrize("where", ["sqlite", "postgres"])


@dataclass(frozen=True)
class Told:
    """What the programs said of one save."""

    who: str
    path: str
    text: str = ""
    number: int = 0
    conflict: str = ""


def run_all(folder: Path, url: str) -> list[Told]:
    """Run the programs, all from one moment on, and return what was told."""
    command = [sys.executable, "-c", PROGRAM, str(folder / "var"), url]
    processes = [
        subprocess.Popen(
            [*command, f"사람{number}", str(PEOPLE), str(TURNS), *SHARED],
            env=program_environment(folder / f"program-{number}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(PROGRAMS)
    ]
    for process in processes:
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
    with ThreadPoolExecutor(PROGRAMS) as pool:
        ended = list(pool.map(lambda process: process.communicate("go\n", 100), processes))
    assert [said for _, said in ended] == [""] * PROGRAMS, "nothing but conflicts reaches anybody"
    assert [process.returncode for process in processes] == [0] * PROGRAMS
    return [Told(**json.loads(line)) for out, _ in ended for line in out.splitlines()]


@WHERE
def test_twenty_people_save_at_once_and_nothing_is_lost(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    where: str,
    record_property: Callable[[str, object], None],
) -> None:
    url = new_database(request.getfixturevalue("postgres")) if where == "postgres" else ""
    began = time.monotonic()
    told = run_all(tmp_path, url)
    seconds = time.monotonic() - began
    assert len(told) == PROGRAMS * PEOPLE * TURNS * 2, "each save was told of once"
    saved = [each for each in told if each.number]
    conflicts = [each for each in told if each.conflict]
    assert len(saved) + len(conflicts) == len(told)
    assert {each.path for each in conflicts} <= set(SHARED), "nobody disturbs others' own texts"
    assert len(conflicts) > PEOPLE

    database = Database.in_folder(tmp_path / "var", url)
    blobs = Blobs(tmp_path / "var" / "blobs")
    with database.reading() as session:
        query = select(Document, Revision, Person.pseudonym)
        query = query.join(Revision, Revision.document_id == Document.id)
        rows = session.execute(query.join(Person, Person.id == Revision.person_id)).all()
    database.close()
    stand = {
        (document.path, revision.number): (who, revision.digest) for document, revision, who in rows
    }
    assert stand == {
        (each.path, each.number): (each.who, sha256(each.text.encode()).hexdigest())
        for each in saved
    }
    most = Counter(path for path, _ in stand)
    for document, revision, _ in rows:
        assert document.current == most[document.path], "numbers have no gap"
        assert blobs.read(revision.digest or "")
    line = f"{len(saved)} saves by {PROGRAMS * PEOPLE} people at once, {len(conflicts)} conflicts"
    record_property(MEASURED, f"  {where}: {line}, in {seconds:.1f} s")


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> Studio:
    return open_studio(database, tmp_path)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Do things at one moment; return what each gave, or the conflict it met."""
    barrier = Barrier(len(verbs))

    def do(verb: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return verb()
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(do, verbs))


def submitted(studio: Studio, turn: int) -> str:
    words = (f"모자를{' 꼭' * turn} 쓰", f"모자를{' 꼭' * (turn + 1)} 쓰")
    studio.replace(studio.author, COLD, words, at(turn * 10 + 1))
    return studio.desk.submit(studio.author, "warm", "ko_KP", at(turn * 10 + 2)).digest


def state_of(studio: Studio, digest: str) -> str:
    with studio.desk.database.reading() as session:
        return edition_named(session, digest).state


def test_two_who_sign_off_at_once_make_it_approved(studio: Studio) -> None:
    for turn in range(3):
        digest, now = submitted(studio, turn), at(turn * 10 + 3)
        done = at_once(
            lambda: studio.desk.approve(studio.safety, digest, SignOff.SAFETY, now),  # noqa: B023
            lambda: studio.desk.approve(studio.reader, digest, SignOff.NORTHERN_READER, now),  # noqa: B023
        )
        assert sorted(map(str, done)) == ["False", "True"], "the last one hears that it is whole"
        assert state_of(studio, digest) == EditionState.APPROVED


def test_of_two_who_give_one_sign_off_at_once_one_does(studio: Studio) -> None:
    digest = submitted(studio, 0)
    done = at_once(
        lambda: studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(3)),
        lambda: studio.desk.approve(studio.reader, digest, SignOff.SAFETY, at(3)),
    )
    assert sorted(type(each).__name__ for each in done) == ["ConflictError", "bool"]
    assert len(studio.desk.approvals(digest)) == 1


def test_a_return_is_never_overrun_by_a_sign_off(studio: Studio) -> None:
    said = [Passage("cold", "title", "제목을 고칩시다.")]
    for turn in range(3):
        digest, now = submitted(studio, turn), at(turn * 10 + 3)
        studio.desk.approve(studio.safety, digest, SignOff.SAFETY, now)
        at_once(
            lambda: studio.desk.approve(studio.reader, digest, SignOff.NORTHERN_READER, now),  # noqa: B023
            lambda: studio.desk.give_back(studio.publisher, digest, said, now),  # noqa: B023
        )
        assert state_of(studio, digest) == EditionState.RETURNED
        assert studio.desk.approvals(digest) == ()


def test_a_link_that_is_used_twice_at_once_signs_once(studio: Studio) -> None:
    digest = submitted(studio, 0)
    kind = SignOff.NORTHERN_READER
    secret = studio.desk.invite_sign_off(studio.publisher, digest, kind, "가람", at(3))

    def sign() -> object:
        try:
            return studio.desk.sign_off(secret, at(4))
        except SignInError as error:
            return error

    done = at_once(sign, sign, sign)
    assert sum(each is False for each in done) == 1
    assert len(studio.desk.approvals(digest)) == 1
