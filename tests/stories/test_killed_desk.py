"""The machine goes down in the middle of a verb, again and again: what was told is there, whole.

A program that does verbs at a desk, and tells of each that is done, is killed (SIGKILL) at a random
moment. Then the studio is opened anew and looked through: everything that was told is there, and
what was under way is there whole or not at all. Power that fails is another matter: what the disk
then keeps is up to the disk, and isn't tested here.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from sqlalchemy import func, select, text
from tests.conftest import PROJECT
from tests.making import LOCALES, SHELVES, WARM_PACK, article
from tests.services.desks import START, add
from tests.storage.postgres import new_database
from tests.stories.measured import MEASURED
from tests.stories.running import program_environment
from tests.stories.trees import current, vouched_for

from bojagi.domain.pack import SignOff
from bojagi.domain.verdicts import Verdict
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.releases import Releases
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import (
    Contributor,
    Document,
    EditionState,
    GivenApproval,
    Revision,
    SubmittedEdition,
)
from bojagi.storage.database import Database
from bojagi.storage.people import AuditEvent, Role

SEED: Final = 20261126
KILLS: Final = {"sqlite": 300, "postgres": 30}
STUDIOS: Final = {"sqlite": 6, "postgres": 1}
"""A new one now and then, so that looking through everything stays quick."""
LONGEST_SECONDS: Final = {"": 0.2, "p": 0.6, "w": 1.0}
"""A program is killed somewhere between its first verb and this: any, a publish, a withdrawal."""
HOPED_FOR: Final = {"": "save", "p": "publish", "w": "withdraw"}
LONGER: Final = 1.2
MOST_LONGER: Final = 3.0
"""How much longer the next program of a kind runs when this one told nothing of what was hoped
for; and at most. So a slow machine tells of every verb, too, and a fast one is killed amid them."""

ARTICLE: Final = "content_packs/warm/01-cold.md"
NOTES: Final = "content_packs/README.md"
FOLDERS: Final = ("content_packs/hotlines.yaml", "i18n/README.md")
"""What the folders change, both at once; nobody changes them here."""
VERBS: Final = ("save", "submit", "approve", "import", "publish", "withdraw")
NEEDED: Final = {SignOff.SAFETY, SignOff.NORTHERN_READER}

PROGRAM: Final = """
import json, os, random, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import select
from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import read_library
from bojagi.domain.pack import SignOff
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import ConflictError, GateError
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.documents import read_document
from bojagi.services.edition_cache import program_digest
from bojagi.services.releases import Releases
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import SubmittedEdition
from bojagi.storage.database import Database
from bojagi.storage.people import Person

program_digest()

def tell(**said):
    os.write(1, (json.dumps(said) + "\\n").encode())

class Work:
    def __init__(self, folder, url, seed, article, notes, folders, begin_with):
        self.begin_with = begin_with
        self.chance = random.Random(seed)
        self.root, self.article, self.notes, self.folders = Path(folder), article, notes, folders
        data = self.root / "var"
        database = Database.in_folder(data, url)
        self.desk = Desk(database, Blobs(data / "blobs"), DataFolder(data))
        with database.reading() as session:
            people = session.scalars(select(Person)).all()
            self.people = {each.pseudonym: each for each in people}
            query = select(SubmittedEdition.digest).order_by(SubmittedEdition.at)
            self.digests = list(session.scalars(query))

    def save(self, path, words):
        with self.desk.database.reading() as session:
            content, before = read_document(session, self.desk.blobs, path)
        text = content.decode().rpartition("\\n\\n")[0] + f"\\n\\n{words}"
        number = self.desk.save(self.people["author"], path, text.encode(), before, now())
        tell(verb="save", path=path, number=number, text=text)

    def submit(self, words):
        self.save(self.article, words)
        digest = self.desk.submit(self.people["author"], "warm", "ko_KP", now()).digest
        self.digests.append(digest)
        tell(verb="submit", digest=digest)

    def approve(self, words):
        del words
        for digest in self.digests[-2:]:
            for kind in (SignOff.SAFETY, SignOff.NORTHERN_READER):
                try:
                    self.desk.approve(self.people[kind], digest, kind, now())
                except ConflictError:
                    continue  # the program before this one did
                tell(verb="approve", digest=digest, kind=kind)

    def take_in(self, words):
        for name in self.folders:
            (self.root / name).write_text(f"# {words}\\n", "utf-8")
        self.desk.import_folders(self.people["author"], self.root, now())
        tell(verb="import", text=f"# {words}\\n")

    def approve_and_publish(self, words):
        self.submit(words)
        self.approve(words)
        self.publish(words)

    def publish_and_call_back(self, words):
        self.approve_and_publish(words)
        self.call_back(words)

    def publish(self, words):
        del words
        try:
            done = Releases(self.desk).publish(self.people["publisher"], "a3", now())
        except GateError:
            return  # nothing is approved as it stands, or it was called back
        tell(verb="publish", number=done.number, editions=done.editions)

    def call_back(self, words):
        del words
        releases, reviewer = Releases(self.desk), self.people[SignOff.SAFETY]
        try:
            releases.withdraw(reviewer, "a3", "1", WithdrawalReason.MISTAKE, now())
        except GateError:
            return  # nothing is signed, or it was called back before
        gone = [each.digest for each in releases.withdrawals()]
        tell(verb="withdraw", number=releases.one("a3").number, digests=gone)

    def go_on(self):
        for turn in range(10**6):
            words = "글 " + "".join(self.chance.choices("가나다라마바사아", k=20))
            verb = self.chance.choice("ssuuaaippw" if turn else self.begin_with)
            if verb == "s":
                self.save(self.chance.choice([self.notes, self.article]), words)
            else:
                verbs = {"u": self.submit, "a": self.approve, "i": self.take_in,
                         "p": self.approve_and_publish, "w": self.publish_and_call_back}
                verbs[verb](words)

def now():
    return datetime.now(UTC)

is_warm = False
for line in sys.stdin:
    asked = json.loads(line)
    seconds = asked.pop("seconds")
    if not is_warm:  # what the checks read and compile is there for every child
        check_library(read_library(Path(asked["folder"])), now().date())
        is_warm = True
    ready, begin = os.pipe()
    child = os.fork()
    if not child:
        work = Work(**asked)
        os.write(begin, b".")
        work.go_on()
    os.close(begin)
    os.read(ready, 1)
    os.close(ready)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    tell(verb="killed", status=os.waitpid(child, 0)[1])
"""


@dataclass
class Killer:
    """A program that has read its code, and forks one that works until it is killed."""

    process: subprocess.Popen[str]

    def run(
        self, studio: Studio, seed: int, seconds: float, first: str = ""
    ) -> list[dict[str, Any]]:
        """Let somebody work for some time, kill them, and return what they told."""
        asked = {"folder": str(studio.root), "url": studio.url, "seed": seed, "seconds": seconds}
        asked |= {"article": ARTICLE, "notes": NOTES, "folders": FOLDERS}
        asked |= {"begin_with": first or "ssuuaai"}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told: list[dict[str, Any]] = []
        for line in self.process.stdout:
            told.append(json.loads(line))
            if told[-1]["verb"] == "killed":
                assert told.pop()["status"] == signal.SIGKILL, "it ended by itself: see its errors"
                return told
        raise AssertionError("the program ended")


@contextmanager
def killer(folder: Path) -> Iterator[Killer]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=program_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield Killer(process)
        process.kill()


@dataclass(frozen=True)
class Studio:
    """A studio of one short article, in a folder, with all that it was said to hold."""

    root: Path
    url: str
    told: list[dict[str, Any]]

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        """Open it, as the next person would."""
        data = self.root / "var"
        desk = Desk(Database.in_folder(data, self.url), Blobs(data / "blobs"), DataFolder(data))
        try:
            yield desk
        finally:
            desk.close()


def new_studio(root: Path, url: str) -> Studio:
    """Make a studio: one pack of one article, everything else as small as can be."""
    files = {
        "content_packs/shelves.yaml": SHELVES.replace("[ko_KP, en]", "[ko_KP]").split("d5:")[0],
        "content_packs/hotlines.yaml": "",
        "content_packs/README.md": "글\n\n",
        "content_packs/warm/pack.yaml": WARM_PACK.replace("[cold, heat]", "[cold]"),
        ARTICLE: article("cold", "추위", "모자를 쓰십시오.\n\n글"),
        "i18n/locales.yaml": LOCALES,
        "i18n/README.md": "",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    for locale in ("ko_KP", "ko_KR"):
        place = root / f"i18n/{locale}/LC_MESSAGES/interface.po"
        place.parent.mkdir(parents=True)
        shutil.copy(PROJECT / place.relative_to(root), place)
    studio = Studio(root, url, [])
    Desk.open(DataFolder(root / "var"), url).close()
    with studio.opened() as desk:
        author = add(desk, "author", Role.AUTHOR)
        for kind in NEEDED:
            add(desk, kind, Role.SAFETY_REVIEWER)
        add(desk, "publisher", Role.PUBLISHER)
        desk.import_folders(author, root, START)
    return studio


def look_through(studio: Studio, *, deep: bool, served: bool = True) -> None:
    """Everything that was told is there, and nothing is half done."""
    with studio.opened() as desk, desk.database.reading() as session:
        rows = session.execute(
            select(Document, Revision).join(Revision, Revision.document_id == Document.id)
        ).all()
        editions = {each.digest: each for each in session.scalars(select(SubmittedEdition))}
        given: dict[str, set[str]] = defaultdict(set)
        for approval in session.scalars(select(GivenApproval)):
            given[approval.digest].add(approval.kind)
        written = set(session.scalars(select(Contributor.digest)))
        verbs = select(AuditEvent.verb, func.count()).group_by(AuditEvent.verb)
        noted = Counter(dict(session.execute(verbs).all()))
        if deep and not studio.url:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        blobs = desk.blobs
    revisions = {(document.path, each.number): each.digest for document, each in rows}
    _assert_told(studio, revisions, given, set(editions))

    numbers = Counter(path for path, _ in revisions)
    for document, revision in rows:
        assert document.current == numbers[document.path], f"{document.path} has a gap"
        assert revision.digest is not None
        assert blobs.path(revision.digest).exists()
        assert not deep or sha256(blobs.read(revision.digest)).hexdigest() == revision.digest
    for digest, edition in editions.items():
        assert blobs.read(digest)
        assert digest in written, "an edition without its contributors"
        assert (edition.state == EditionState.APPROVED) == (given[digest] == NEEDED)
    both = [revisions[path, numbers[path]] for path in FOLDERS]
    assert numbers[FOLDERS[0]] == numbers[FOLDERS[1]], "half an import"
    assert both[0] == both[1] or numbers[FOLDERS[0]] == 1
    imported = numbers[FOLDERS[0]] - 1
    assert noted["save"] == len(revisions) - len(numbers) - 2 * imported, "noted as it was done"
    assert noted["submit"] == len(editions)
    assert noted["approve"] == sum(map(len, given.values()))
    if not served:
        return
    with studio.opened() as desk:
        look_at_shelf(studio, desk, {digest for digest in given if given[digest] == NEEDED})


def look_at_shelf(studio: Studio, desk: Desk, approved: set[str]) -> None:
    """What is served is whole, signed and approved, and as new as somebody was told."""
    told = [said for said in studio.told if said["verb"] in {"publish", "withdraw"}]
    withdrawn = {each.digest for each in Releases(desk).withdrawals()}
    for said in told:
        assert set(said.get("digests", ())) <= withdrawn, said
    if not (desk.data.shelves / "a3" / "current").exists():
        assert not told, "a release is gone"
        return
    tree = current(desk.data.path, "a3")
    for route in json.loads((tree / "tree.json").read_text("utf-8"))["routes"].values():
        assert (tree / "public" / route["path"]).is_file(), f"it lacks {route['path']}"
    repository = tree / "public" / "repository"
    assert vouched_for(tree / "public", datetime.now(UTC)) <= {Verdict.CURRENT, Verdict.WITHDRAWN}
    timestamp = json.loads((repository / "metadata" / "timestamp.json").read_bytes())
    number = timestamp["signed"]["meta"]["snapshot.json"]["version"]
    assert number >= max([said["number"] for said in told], default=0), "an older one is served"
    for path in (repository / "targets").rglob("*"):
        raw = path.read_bytes() if path.is_file() else b""
        is_edition = raw.startswith(b"{") and b'"format":"bojagi-edition/1"' in raw
        assert not is_edition or sha256(raw).hexdigest() in approved, f"{path} was not approved"


def _assert_told(
    studio: Studio,
    revisions: dict[tuple[str, int], str | None],
    given: dict[str, set[str]],
    editions: set[str],
) -> None:
    kept = {digest for (path, _), digest in revisions.items() if path in FOLDERS}
    for said in studio.told:
        if said["verb"] == "save":
            digest = revisions.get((said["path"], said["number"]))
            assert digest == sha256(said["text"].encode()).hexdigest(), said
        elif said["verb"] == "import":
            assert sha256(said["text"].encode()).hexdigest() in kept, said
        elif said["verb"] in {"submit", "approve"}:
            assert said["digest"] in editions, said
            assert said["verb"] == "submit" or said["kind"] in given[said["digest"]], said


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_whenever_the_desk_is_killed_what_was_told_is_there_and_nothing_is_half_done(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    where: Literal["sqlite", "postgres"],
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    seen: Counter[str] = Counter()
    longer = dict.fromkeys(LONGEST_SECONDS, 1.0)
    began = time.monotonic()
    with killer(tmp_path / "program") as killing:
        for turn in range(STUDIOS[where]):
            server = request.getfixturevalue("postgres") if where == "postgres" else ""
            studio = new_studio(tmp_path / f"{turn}", new_database(server) if server else "")
            for kill in range(KILLS[where] // STUDIOS[where]):
                first = chance.choice(["", "", "", "", "p", "p", "w"])
                longest = LONGEST_SECONDS[first] * longer[first]
                seed, seconds = chance.getrandbits(32), chance.uniform(0, longest)
                try:
                    told = killing.run(studio, seed, seconds, first)
                    studio.told.extend(told)
                    look_through(studio, deep=kill % 10 == 9, served=bool(first) or kill % 10 == 9)
                except AssertionError as error:
                    where_it_was = f"studio {turn}, kill {kill}, after {seconds:.4f} s"
                    pytest.fail(f"seed {SEED}, {where_it_was}: {error}")
                verbs = [each["verb"] for each in told]
                seen.update(verbs)
                is_told = HOPED_FOR[first] in verbs
                change = 1 / LONGER if is_told else LONGER
                longer[first] = min(max(longer[first] * change, 1.0), MOST_LONGER)
    least = KILLS[where] // 100  # of each verb some was told, or the story told nothing
    assert min(seen[verb] for verb in VERBS) >= least, seen
    assert sum(seen.values()) > KILLS[where] // 3, seen
    done = ", ".join(f"{count} {verb}" for verb, count in sorted(seen.items()))
    took = time.monotonic() - began
    record_property(MEASURED, f"  {where}: {KILLS[where]} kills, seed {SEED}: {done}; {took:.0f} s")


@pytest.mark.parametrize("harm", ["a blob is gone", "a save is undone", "half an approval"])
def test_the_same_look_sees_a_studio_that_is_not_whole(tmp_path: Path, harm: str) -> None:
    studio = new_studio(tmp_path / "studio", "")
    with killer(tmp_path / "program") as killing:
        while not {each["verb"] for each in studio.told} >= {"save", "submit", "approve"}:
            studio.told.extend(killing.run(studio, len(studio.told), 0.4))
    look_through(studio, deep=True)
    with studio.opened() as desk, desk.database.transaction() as session:
        if harm == "a blob is gone":
            newest = select(Revision.digest).order_by(Revision.id.desc())
            desk.blobs.path(session.scalars(newest).first() or "").unlink()
        elif harm == "a save is undone":
            session.execute(text("DROP TRIGGER revisions_for_ever_delete"))
            session.execute(
                text("DELETE FROM revisions WHERE id = (SELECT max(id) FROM revisions)")
            )
        else:
            session.execute(text("UPDATE editions SET state = 'approved'"))
            session.execute(
                text("DELETE FROM approvals WHERE id = (SELECT max(id) FROM approvals)")
            )
    with pytest.raises(AssertionError):
        look_through(studio, deep=True)
