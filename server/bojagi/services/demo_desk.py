"""The demo's people: they import, submit and approve by themselves; all they touch says demo.

They have a desk of their own, beside the studio's: nothing that they did counts there.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bojagi.domain.pack import SignOff
from bojagi.services import documents, reviewing, units
from bojagi.services.accounts import add_person
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.editions import Built
from bojagi.storage.people import Person, Role

AUTHOR: Final = "demo"
"""The pseudonym of who imports and submits; reviewers are called after what they sign off."""


FOLDER: Final = "demo"
"""Where the demo's desk keeps what it knows, in the data folder."""


def demo_or_studio(data: DataFolder, url: str) -> Desk:
    """Open the studio, or the demo's desk where nobody works in the studio and a demo was built."""
    studio = Desk.open(data, url)
    place = data.path / FOLDER
    if studio.has_people() or not place.is_dir():
        return studio
    studio.close()
    return Desk.open(data, folder=place)


def is_demo(desk: Desk) -> bool:
    """Whether a desk is the demo's, so that nothing approved there counts for keys of people."""
    return desk.blobs.folder.parent == desk.data.path / FOLDER


class DemoDesk:
    """A desk whose people are made up.

    Args:
        data: the data folder.
        now: the time.
    """

    def __init__(self, data: DataFolder, now: datetime) -> None:
        desk = Desk.open(data, folder=data.path / FOLDER)
        self.desk = desk
        self.now = now
        self.author = self._person(AUTHOR, Role.AUTHOR)
        self.reviewers = {
            kind: self._person(f"{AUTHOR} {kind}", Role.SAFETY_REVIEWER) for kind in SignOff
        }

    def close(self) -> None:
        """Let go of the database."""
        self.desk.close()

    def import_folders(self, root: Path) -> list[str]:
        """Take the content folders in; return what is wrong with the files that were left out.

        Raises:
            InvalidValueError: when they aren't there.
        """
        left_out: list[str] = []
        with self.desk.database.transaction() as session:
            documents.import_folders(
                session, self.desk.blobs, root, self.author.id, self.now, left_out, reverts=True
            )
        return left_out

    def approve_units(self) -> None:
        """Approve every translation that waits for review."""
        reviewer, blobs = self.reviewers[SignOff.SAFETY], self.desk.blobs
        with (
            self.desk.database.transaction() as session,
            documents.library_of(session, blobs) as library,
        ):
            for pack, locale in library.catalogues:
                folder = library.folders[pack]
                units.approve_units(session, blobs, reviewer, folder, locale, library, (), self.now)

    def approve(self, built: Built) -> None:
        """Submit an edition and sign it off, as far as that hasn't been done."""
        pack, digest = built.folder.pack, built.edition.digest
        with self.desk.database.transaction() as session:
            given = {approval.kind for approval in reviewing.approvals_of(session, digest)}
            missing = [kind for kind in pack.needed_sign_offs if kind not in given]
            if not missing:
                return
            self.desk.blobs.keep(built.raw)
            reviewing.submit(session, self.author, pack, built.edition, self.now)
            for kind in missing:
                reviewing.approve(session, self.reviewers[kind], digest, kind, self.now)
            reviewing.mark_approved(session, pack, digest)

    def _person(self, pseudonym: str, role: Role) -> Person:
        with self.desk.database.transaction() as session:
            found = session.scalar(select(Person).where(Person.pseudonym == pseudonym))
            return found or add_person(session, pseudonym, [role], None, self.now)[0]
