"""A publisher's people and their keys: what a ceremony needs, driven by the command line alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import make_url, select
from tests.making import DAY, Project
from tests.storage.postgres import new_database

from bojagi.cli import main
from bojagi.cli.options import database_url
from bojagi.domain.pack import SignOff
from bojagi.services.accounts import add_person
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.storage.people import Person, Role
from bojagi.trust import keys

WORDS: Final = "네 낱말로 된 암호 하나 둘 셋"
ROLES: Final = {
    "root": ("r1", "r2", "r3"),
    "targets": ("t1", "t2", "t3"),
    "publisher:demo": ("p1", "p2"),
    "withdrawals": ("w1",),
    "snapshot": ("s1",),
    "timestamp": ("z1",),
}
AUTHOR: Final = "글쓴이"
SIGNERS: Final = ("r1", "r2", "t1", "t2", "p1", "p2", "w1")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Everything it said."""
        return self.out + self.err


@dataclass
class People:
    """Everybody who holds a key, with a folder of their own for keys, and the studio's host."""

    project: Project
    folder: Path
    capsys: pytest.CaptureFixture[str]
    taken_in: object = None

    def __post_init__(self) -> None:
        """Write down the passphrase, which in this story is everybody's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "passphrase").write_text(WORDS + "\n", "utf-8")

    @property
    def memory(self) -> Path:
        """What a support worker's verifier has seen."""
        return self.folder / "memory"

    def tree(self, shelf: str = "a3") -> Path:
        """Return the public folder of the tree that is served."""
        place = self.project.data / "shelves" / shelf
        return place / (place / "current").read_text("ascii").strip() / "public"

    def run(self, *words: str | Path) -> Said:
        """Run a command, with the options every one of its kind takes."""
        self.capsys.readouterr()
        parts = [str(word) for word in words]
        own = ["--keys", str(self.folder / "keys")]
        secret = ["--passphrase-file", str(self.folder / "passphrase")]
        studio = ["--data", str(self.project.data)]
        memory = ["--memory", str(self.memory)]
        options = {
            "keys": [*own, *secret, *(studio if parts[1:2] in STUDIO_VERBS else [])],
            "sign": [*own, *secret],
            "verify": [*memory, *own, *secret],
            "people": studio,
            "review": studio,
            "import": [*studio, "--root", str(self.project.root)],
            "build": [*studio, "--root", str(self.project.root)],
        }
        default = [*studio, *own, *secret]
        is_at_studio = parts[0] not in OWN_FOLDERS and "--data" in options.get(parts[0], default)
        if is_at_studio:
            self.take_in()
        if parts[0] == "bundle" and parts[1] != "make":
            default = [*memory, *own, *secret]
        try:
            code = main([*parts, *options.get(parts[0], default)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self.capsys.readouterr()
        return Said(code, out, err)

    def must(self, *words: str | Path) -> Said:
        """Run a command that has to end well."""
        said = self.run(*words)
        assert said.code == 0, said.all
        return said

    def make_plan(self, shelf: str = "a3", prefix: str = "") -> None:
        """Make everybody's keys and let each sign for its role."""
        for role, names in ROLES.items():
            for name in names:
                self.must("keys", "make", prefix + name)
                public = self.folder / "keys" / f"{prefix}{name}.pub"
                more = ["--threshold", "2"] if name == "p2" else []
                self.must("keys", "add", shelf, role, public, *more)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open the studio."""
        with closing(Desk.open(DataFolder(self.project.data), database_url())) as desk:
            yield desk

    def person(self, desk: Desk, pseudonym: str, role: Role) -> Person:
        """Return somebody who works in the studio; they are added the first time."""
        with desk.database.transaction() as session:
            found = session.scalar(select(Person).where(Person.pseudonym == pseudonym))
            return found or add_person(session, pseudonym, [role], None, DAY)[0]

    def folders(self) -> list[tuple[Path, int]]:
        """Return the content folders' files, each with the moment it was written."""
        return [(path, path.stat().st_mtime_ns) for path in self.project.root.rglob("*.*")]

    def take_in(self) -> None:
        """Let an author import the content folders, when something changed in them."""
        files = self.folders()
        if files == self.taken_in:
            return
        self.taken_in = files
        with self.desk() as desk:
            author = self.person(desk, AUTHOR, Role.AUTHOR)
            desk.import_folders(author, self.project.root, DAY, reverts=True)

    def approve_everything(self, shelf: str = "a3") -> None:
        """Let the author submit and reviewers sign off just what the gate asks for."""
        said = self.run("release", "prepare", shelf, "--out", self.folder / "refused.json")
        asked = re.findall(r"(\S+) in (\S+): no approval of ([0-9a-f]{64}) by (\w+)", said.all)
        with self.desk() as desk:
            author = self.person(desk, AUTHOR, Role.AUTHOR)
            for pack, locale, digest, kind in asked:
                assert desk.submit(author, pack, locale, DAY).digest == digest
                if kind in {approval.kind for approval in desk.approvals(digest)}:
                    continue
                reviewer = self.person(desk, f"{kind} 소나무", Role.SAFETY_REVIEWER)
                desk.approve(reviewer, digest, SignOff(kind), DAY)

    def release(self, shelf: str = "a3", prefix: str = "") -> Said:
        """Prepare, sign by everybody, finish and publish."""
        request = self.folder / "request.json"
        request.unlink(missing_ok=True)
        said = self.must("release", "prepare", shelf, "--out", request)
        if not request.exists():
            return said
        signed = []
        for name in SIGNERS:
            out = self.folder / f"signed-{name}.json"
            done = self.run("sign", request, "--key", prefix + name, "--out", out, "--yes")
            if done.code == 0:
                signed.append(out)
            else:
                assert "has no say" in done.all, done.all
        self.must("release", "finish", shelf, *signed)
        return self.must("publish", shelf)

    def all_folders(self) -> tuple[Path, ...]:
        """Return every folder they have: the content, the studio's data, their own."""
        return self.project.root, self.project.data, self.folder

    def keep(self, place: Path) -> None:
        """Keep all that they have, the database included, for others to begin with."""
        for folder in self.all_folders():
            shutil.copytree(folder, place / folder.name)
        (place / "database").write_text(copied_database(database_url()), "utf-8")

    def become(self, place: Path) -> str:
        """Have what was kept; return the URL of a database of their own."""
        for folder in self.all_folders():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(place / folder.name, folder)
        self.taken_in = self.folders()
        return copied_database((place / "database").read_text("utf-8"))


def copied_database(url: str) -> str:
    """Return the URL of a copy of a database on a server; a file was copied with its folder."""
    if not url:
        return ""
    name = make_url(url).database
    return new_database(url.replace(f"/{name}?", "/postgres?"), str(name))


OWN_FOLDERS: Final = {"build", "people", "review", "import"}
"""Verbs before which nobody imports: they do it themselves, or want to find it as it is."""
STUDIO_VERBS: Final = (["plan"], ["add"], ["rotate"], ["revoke"], ["shelf"])


def without_open_questions(project: Project) -> None:
    """Mend what blocks a real release: a source somebody has still to read, a number to dial."""
    for path in project.root.rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"to_check: .*", "seen_on: 2026-11-23", text), "utf-8")
    project.replace("content_packs/hotlines.yaml", "never", "2026-11-20")


def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passphrases be derived quickly: a story opens keys a hundred times."""
    monkeypatch.setattr(keys, "BCRYPT_ROUNDS", 1)
