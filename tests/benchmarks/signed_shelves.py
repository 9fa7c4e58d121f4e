"""Signed shelves of any size: real keys, real signatures, real releases; editions as they weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.benchmarks import servers
from tests.benchmarks.renditions import samples
from tests.making import DAY
from tuf.api.metadata import Root, TargetFile, Targets

from bojagi.authoring.library import read_library
from bojagi.building.compression import with_compressed
from bojagi.building.pages import ERRORS, out
from bojagi.building.shelf_pages import OUT
from bojagi.building.tree import REPOSITORY, write_order, write_tree
from bojagi.domain.identifiers import LocaleCode
from bojagi.services.data_folder import DataFolder
from bojagi.services.editions import press_for
from bojagi.trust.chain import chain_files
from bojagi.trust.client import Client, NoMemory
from bojagi.trust.demo import DemoKeys
from bojagi.trust.plan import WITHDRAWALS, RoleKeys, role_name, target_path
from bojagi.trust.repository import EMPTY, Repository, assemble, prepare
from bojagi.trust.signing import finish, sign
from bojagi.trust.verifier import REASON, REVIEW_BY, VERSION, Report, verify

SHELF: Final = "a3"
PLACES: Final = 5
"""Locales of a shelf: as many as our largest has."""
EDITIONS: Final = 20
"""How many editions of one locale a client keeps."""
OURS: Final = 0
"""The place of the locale that the client keeps."""
PUBLISHER: Final = 1
PAGES_LIST: Final = b"the list of pages, of which the snapshot holds only length and digest"
_LONGEST_REVIEW: Final = 365
_EDITION_BYTES: Final = 70_000


@dataclass
class SignedShelf:
    """A shelf whose first organisation publishes, two signatures to each of its roles.

    Attributes:
        places: how many locales it has.
        roots: how many roots there are after the first.
        editions: the bytes of each edition that has any, by where the repository keeps it.
    """

    keys: DemoKeys = field(default_factory=lambda: DemoKeys(SHELF))
    places: int = PLACES
    organisations: int = 1
    roots: int = 0
    repository: Repository = EMPTY
    offered: dict[str, dict[str, TargetFile]] = field(default_factory=dict)
    editions: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def spread(
        cls,
        counts: Sequence[int],
        withdrawn: int = 0,
        *,
        places: int = PLACES,
        organisations: int = 1,
    ) -> SignedShelf:
        """Sign so many editions at each place; they have digests and lengths, and no bytes."""
        shelf = cls(places=places, organisations=organisations)
        for place, count in enumerate(counts):
            for number in range(1, count + 1):
                shelf.offer(place, number)
        for number in range(withdrawn):
            digest = sha256(f"withdrawn {number}".encode()).hexdigest()
            call = TargetFile.from_data(f"{WITHDRAWALS}/{digest}", b"", ["sha256"])
            call.unrecognized_fields["custom"] = {REASON: "unsafe"}
            shelf.offered.setdefault(WITHDRAWALS, {})[call.path] = call
        shelf.release()
        return shelf

    @classmethod
    def of_real_editions(cls, counts: Sequence[int]) -> SignedShelf:
        """Sign so many editions at each place, each with the bytes of one of this repository."""
        shelf, contents = cls(), real_contents()
        for place, count in enumerate(counts):
            for number in range(1, count + 1):
                shelf.offer(place, number, next(contents))
        shelf.release()
        return shelf

    def offer(self, place: int, number: int, content: bytes = b"") -> None:
        """Put an edition on the shelf, in the place of the one of its number."""
        path = target_path(PUBLISHER, place, number)
        digest = sha256(content or f"edition {path}".encode()).hexdigest()
        length = len(content) or _EDITION_BYTES - int(digest[:4], 16) // 2
        info = TargetFile(length, {"sha256": digest}, path)
        days = int(digest[4:8], 16) % _LONGEST_REVIEW
        review_by = DAY.date() + timedelta(days=days + 1)
        info.unrecognized_fields["custom"] = {REVIEW_BY: review_by.isoformat(), VERSION: 1}
        self.offered.setdefault(role_name(PUBLISHER, place), {})[path] = info
        if content:
            self.editions[f"targets/{PUBLISHER}/{place}/{digest}.{number}"] = content

    def release(self, now: datetime = DAY) -> None:
        """Have everything that is offered signed by everybody who must."""
        names = tuple(f"demo {number}" for number in range(self.organisations))
        plan = self.keys.plan(names, self.places)
        if self.roots % 2:  # another third person, so that there is a next root
            people = (*plan.root.keys[:2], self.keys.reviewer.public_key)
            plan = replace(plan, root=RoleKeys(people, 2))
        request = prepare(SHELF, self.repository, plan, self.offered, now)
        files = [sign(request, signer) for signer in self.keys.offline]
        before = self.repository
        signed = finish(request, files, before.signed(Root.type), before.signed(Targets.type))
        self.repository = assemble(before.with_roles(signed), self.keys.online, now, PAGES_LIST)

    def renew_root(self) -> None:
        """Let another person have a say in the root."""
        self.roots += 1
        self.release()

    @property
    def files(self) -> dict[str, bytes]:
        """Every file of the repository by its path."""
        metadata = {f"metadata/{name}": data for name, data in self.repository.files.items()}
        return {**metadata, **self.editions}

    @property
    def root(self) -> bytes:
        """The root that programs have built in."""
        return self.repository.files["1.root.json"]

    def pinned(self) -> NoMemory:
        """Return the memory of somebody who comes for the first time."""
        return NoMemory({Root.type: self.root})

    def write_tree(self, data: Path) -> None:
        """Make it the shelf that a data folder serves, with the real pages for errors."""
        library = read_library(servers.ROOT)
        press = press_for(LocaleCode("ko_KR"), library, demo=True)
        pages = {f"errors/{status}.html": press.error(status) for status in ERRORS}
        pages[f"{OUT}.html"] = out()
        texts = {path: html.encode("utf-8") for path, html in pages.items()}
        chains = chain_files(self.repository, self.places)
        metadata = {**self.repository.files, **chains}
        texts |= {f"{REPOSITORY}metadata/{name}": data for name, data in metadata.items()}
        editions = {f"{REPOSITORY}{path}": content for path, content in self.editions.items()}
        folder = DataFolder(data).shelves
        write_tree(folder / SHELF, {**with_compressed(texts), **editions})
        write_order(folder, [SHELF])

    def write_folder(self, folder: Path) -> None:
        """Write the repository as it lies on a stick."""
        for path, content in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


@dataclass(frozen=True)
class FilesSource:
    """A repository in memory."""

    files: Mapping[str, bytes]

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there."""
        data = self.files.get(path)
        if data is not None and len(data) > limit:
            raise ValueError(f"{path} is longer than {limit} bytes")
        return data


def distinct_contents() -> list[bytes]:
    """Return the bytes of every edition of this repository."""
    return [sample.edition.to_bytes() for sample in samples(read_library(servers.ROOT))]


def real_contents() -> Iterator[bytes]:
    """Yield bytes of editions without end: the real ones over and over, no two the same."""
    found = distinct_contents()
    number = 0
    while True:
        for content in found:
            yield content + f"\n{number}".encode("ascii")
        number += 1


def read_metadata(client: Client) -> None:
    """Read what somebody needs who keeps one locale of one shelf: its roles, and withdrawals."""
    client.refresh()
    for role in (role_name(PUBLISHER, OURS), WITHDRAWALS):
        client.take(role, Targets.type)


def require_current(report: Report, count: int) -> None:
    """Make sure that what was timed has verified everything."""
    if len(report.judgements) != count or report.reason:
        raise RuntimeError(f"{report.verdict} of {len(report.judgements)}: {report.reason}")
    wrong = [each for each in report.judgements if each.reason]
    if wrong:
        raise RuntimeError(f"{wrong[0].path} is {wrong[0].verdict}: {wrong[0].reason}")


def remembered(shelf: SignedShelf) -> NoMemory:
    """Return the memory of somebody who has verified the whole shelf."""
    memory = shelf.pinned()
    verify(FilesSource(shelf.files), memory, DAY, DAY.date())
    return memory
