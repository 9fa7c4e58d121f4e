"""What a host, a link, a seized disk can read of a sealed shelf: nothing anybody wrote.

One publisher has an open shelf, a sealed one for workers, with a dangerous pack, and the sealed one
of the staff, with companions and a pack of its own. Every file of the sealed trees is searched as
it lies there and unpacked, in UTF-8 and UTF-16, composed and decomposed, and in base64.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import brotli
import pytest
import zstandard
from tests.making import (
    DAY,
    OPEN_GATE,
    SHELVES,
    WARM,
    Project,
    all_signed_off,
    article,
    make_project,
)
from tests.stories.ceremony import People, quick_keys, without_open_questions
from tests.stories.trees import current

from bojagi.building.withdrawal_words import CALLED_BACK, REASONS, TO_SAY
from bojagi.domain.edition import Edition
from bojagi.domain.identifiers import LocaleCode, ShelfCode
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import AnotherKeyError
from bojagi.services.companions import companions_for
from bojagi.services.data_folder import DataFolder
from bojagi.services.editions import words_for
from bojagi.services.keyring import Keyring
from bojagi.services.publishing import publish_demo
from bojagi.services.studio import Studio
from bojagi.trust import sealing
from bojagi.trust.demo import DemoKeys
from bojagi.trust.sealing import BLOCK_BYTES, is_sealed, open_sealed
from bojagi.trust.shelf_key import EDITION_BYTES, ShelfKey, opened_form

SEALED_SHELVES: Final = (
    SHELVES
    + """\
c7:
  audiences: [worker]
  locales: [ko_KP, en]
  library_locale: ko_KR
  ceiling: dangerous
  sealed: true
f8:
  audiences: [staff]
  locales: [ko_KR]
  library_locale: ko_KR
  ceiling: dangerous
  sealed: true
"""
)
SEALED: Final = ("c7", "f8")
WAYS: Final = ("utf-8", "utf-16-le", "utf-16-be", "json", "gz", "br", "zst", "64")
PUBLISHER: Final = "둥지연대 Dungjiyeondae"
HELD_PACK: Final = f"""\
id: held-papers
number: 3
version: 1
issued: 2026-11-23
title: 려권을 빼앗겼을 때
source_locale: ko_KP
audience: worker
exposure: dangerous
shelf: c7
jurisdictions: [any]
licence: CC-BY-SA-4.0
publisher: {PUBLISHER}
sign_offs: [safety]
articles: [held]
"""
STAFF_PACK: Final = f"""\
id: quiet-rooms
number: 4
version: 1
issued: 2026-11-23
title: 상담실에서 지킬 것
source_locale: ko_KR
audience: staff
exposure: sensitive
shelf: f8
jurisdictions: [any]
licence: CC-BY-SA-4.0
publisher: {PUBLISHER}
sign_offs: [safety]
articles: [room]
"""
HELD_BODY: Final = """\
고용주가 려권을 보관하면 돌려달라고 말할 권리가 있습니다.

- 복사본을 남에게 맡기지 마십시오.
- 날자와 이름을 종이에 적지 마십시오.
"""
ROOM_BODY: Final = """\
휴대전화는 문밖의 서랍에 넣고, 창문의 가리개를 내립니다.
"""
HELD: Final = "content_packs/held-papers"
ROOM: Final = "content_packs/quiet-rooms"
LATIN: Final = (
    *("held-papers", "quiet-rooms", "Dungjiyeondae"),
    *("Frostbite", "NIOSH", "Protecting Yourself", "Cold Stress"),
)
"""What these packs' authors wrote in Latin letters and nothing else would say."""


def write_packs(project: Project) -> None:
    project.write("content_packs/shelves.yaml", SEALED_SHELVES)
    project.write(f"{HELD}/pack.yaml", HELD_PACK)
    project.write(f"{HELD}/01-held.md", article("held", "돌려받을 권리", HELD_BODY))
    project.write(f"{ROOM}/pack.yaml", STAFF_PACK)
    project.write(f"{ROOM}/01-room.md", article("room", "조용한 방", ROOM_BODY))
    project.replace(f"{WARM}/pack.yaml", "publisher: demo", f"publisher: {PUBLISHER}")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, published as a demo."""
    made = make_project(tmp_path_factory.mktemp("sealed") / "project")
    write_packs(made)
    assert made.library().problems == ()
    build(made)
    return made


def build(project: Project) -> None:
    done = publish_demo(project.library(), DataFolder(project.data), OPEN_GATE, DAY, lambda _: None)
    assert done.failures == []


def written_by_authors(project: Project) -> set[str]:
    """Words of two and more syllables of Hangul, but for those that the programs use themselves."""
    ours = "".join(path.read_text("utf-8") for path in project.root.glob("i18n/*/*/interface.po"))
    texts = [
        path.read_text("utf-8")
        for folder in (WARM, HELD, ROOM)
        for path in (project.root / folder).rglob("*")
        if path.suffix in {".md", ".yaml"}
    ]
    found = set(re.findall(r"[가-힣]{2,}", "\n".join(texts)))
    return {word for word in found if word not in ours} | set(LATIN)


def needles_of(word: str) -> Iterator[bytes]:
    """Yield a word in each way that it could lie in a file."""
    for form in ("NFC", "NFD"):
        shaped = unicodedata.normalize(form, word)
        plain = shaped.encode("utf-8")
        yield plain
        yield json.dumps(shaped)[1:-1].encode("ascii")
        if len(shaped) > 2:  # two syllables are four bytes, which chance brings about
            yield shaped.encode("utf-16-le")
            yield shaped.encode("utf-16-be")
        for lead in range(3):  # what stands before and behind it shifts the outer letters
            whole = base64.b64encode(bytes(lead) + plain)
            yield whole[-(-lead * 8 // 6) : (lead + len(plain)) * 8 // 6]


def forms_of(path: Path) -> Iterator[bytes]:
    """Yield what lies in a file: as it is, and unpacked."""
    raw = path.read_bytes()
    yield raw
    if path.suffix == ".gz":
        yield gzip.decompress(raw)
    elif path.suffix == ".br":
        yield brotli.decompress(raw)
    elif path.suffix == ".zst":
        yield zstandard.decompress(raw)


def words_in(folder: Path, words: set[str]) -> set[str]:
    """Return the words that are found in a folder's files or in their names."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = "\n".join(path.relative_to(folder).as_posix() for path in paths).encode("utf-8")
    hay = [names, *(form for path in paths for form in forms_of(path))]
    return {
        word
        for word in words
        if any(needle in each for needle in needles_of(word) if len(needle) >= 5 for each in hay)
    }


@dataclass(frozen=True)
class Opened:
    """An edition of a sealed shelf, opened by who has the shelf's key."""

    edition: Edition
    raw: str

    @property
    def is_companion(self) -> bool:
        return self.edition.pack >= 1000


def targets_of(public: Path) -> list[Path]:
    """The published editions; marks of withdrawals apart."""
    found = sorted((public / "repository" / "targets").rglob("*"))
    return [path for path in found if path.is_file() and path.stat().st_size]


def opened(public: Path, key: ShelfKey) -> list[Opened]:
    """Open every edition of a tree."""
    raws = [opened_form(path.read_bytes(), key) for path in targets_of(public)]
    return [Opened(Edition.from_bytes(raw), raw.decode("utf-8")) for raw in raws]


def opened_demo(project: Project, code: str) -> list[Opened]:
    return opened(current(project.data, code) / "public", DemoKeys(code).shelf_key)


def test_the_tree_of_a_sealed_shelf_holds_no_word_that_anybody_wrote(project: Project) -> None:
    words = written_by_authors(project)
    assert len(words) > 40
    for code in SEALED:
        tree = current(project.data, code)
        assert len(targets_of(tree / "public")) >= 1
        assert words_in(tree, words) == set(), code


def test_the_same_search_finds_them_where_they_may_be_read(
    project: Project, tmp_path: Path
) -> None:
    """Positive control: in the open shelf's tree, and in what the keys open."""
    words = written_by_authors(project)
    found = words_in(current(project.data, "a3"), words)
    assert {"추위에서", "헐렁한", "장갑을"} <= found
    for code in SEALED:
        for number, each in enumerate(opened_demo(project, code)):
            (tmp_path / f"{code}-{number}.json").write_text(each.raw, "utf-8")
    assert {"려권을", "빼앗겼을", "돌려달라고", "가리개를", "Dungjiyeondae", "NIOSH"} <= words_in(
        tmp_path, words
    )


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("way", WAYS)
def test_the_same_search_finds_a_word_however_it_was_left_there(
    tmp_path: Path, way: str, form: Literal["NFC", "NFD"]
) -> None:
    text = unicodedata.normalize(form, "적: 려권을 빼앗겼을 때")
    raw = text.encode("utf-8")
    packed = {
        "gz": gzip.compress,
        "br": brotli.compress,
        "zst": zstandard.compress,
        "64": base64.b64encode,
    }
    for lead in range(3):
        content = bytes(lead) + raw
        if way in packed:
            content = packed[way](content)
        elif way == "json":
            content = json.dumps(text).encode("ascii")
        elif way != "utf-8":
            content = text.encode(way)
        (tmp_path / f"a{lead}.{way}").write_bytes(content)
        assert words_in(tmp_path, {"빼앗겼을", "서랍에"}) == {"빼앗겼을"}
        (tmp_path / f"a{lead}.{way}").unlink()


def test_sealed_editions_weigh_a_multiple_of_the_block(project: Project) -> None:
    for code in SEALED:
        for path in targets_of(current(project.data, code) / "public"):
            raw = path.read_bytes()
            assert is_sealed(raw)
            assert len(raw) % BLOCK_BYTES == 0


def test_the_keys_of_other_shelves_open_nothing(project: Project) -> None:
    for code, other in (SEALED, SEALED[::-1]):
        for path in targets_of(current(project.data, code) / "public"):
            with pytest.raises(AnotherKeyError):
                open_sealed(path.read_bytes(), DemoKeys(other).shelf_key.secret, EDITION_BYTES)


def sentences_of(project: Project, locale: str) -> list[str]:
    """What is said to people who saw an edition, in their own words."""
    words = words_for(LocaleCode(locale), project.library())
    return [words(TO_SAY[reason]) for reason in WithdrawalReason]


def test_a_companion_carries_what_staff_may_hold_and_no_page_of_the_edition(
    project: Project,
) -> None:
    companions = [each for each in opened_demo(project, "f8") if each.is_companion]
    assert len(companions) == 4, "of warm in two locales, of pay, and of the sealed pack"
    [held] = [each for each in companions if "려권을 빼앗겼을 때" in each.edition.title]
    for named in ("Protecting Yourself from Cold Stress", "NIOSH", "Frostbite", PUBLISHER):
        assert named in held.raw
    for sentence in sentences_of(project, "ko_KP"):
        assert sentence in held.raw
    staff = words_for(LocaleCode("ko_KR"), project.library())
    for reason in WithdrawalReason:
        assert staff(REASONS[reason]) in held.raw
    assert staff(CALLED_BACK) not in held.raw
    for line in (*HELD_BODY.split("\n"), "held-papers", str(project.root), "review_class"):
        assert not line or line.strip("- ") not in held.raw, line


def test_an_edition_for_readers_carries_neither_sources_nor_sentences(project: Project) -> None:
    editions = opened_demo(project, "c7")
    [held] = editions
    assert held.edition.title == "려권을 빼앗겼을 때"
    unsaid = [*LATIN, "둥지연대", *sentences_of(project, "ko_KP"), *sentences_of(project, "ko_KR")]
    assert [each for each in unsaid if each in held.raw] == []
    assert all(not each.sources for each in held.edition.articles)


def test_an_edition_that_was_called_back_leaves_its_companion_alone(
    project: Project, tmp_path: Path
) -> None:
    shutil.copytree(project.root, tmp_path / "project")
    again = Project(tmp_path / "project")
    build(again)
    library, data = again.library(), DataFolder(again.data)
    studio = Studio(
        library, data, Keyring.open(tmp_path / "keys", data.shelves), str, DAY, all_signed_off
    )
    with data.locked():
        studio.withdraw(library.shelves[ShelfCode("c7")], "3", WithdrawalReason.DANGER, None)
    assert targets_of(current(again.data, "c7") / "public") == [], "its bytes are gone"
    assert words_in(current(again.data, "c7"), written_by_authors(project)) == set()
    staff = library.shelves[ShelfCode("f8")]
    ledgers = {code: studio.ledger(shelf) for code, shelf in library.shelves.items()}
    keys = {ShelfCode(code): DemoKeys(code).shelf_key for code in SEALED}
    companions = {
        each.edition.title: each.raw
        for each in companions_for(staff, library, ledgers, keys, all_signed_off)
    }
    called_back = words_for(LocaleCode("ko_KR"), library)(CALLED_BACK).encode("utf-8")
    told = [title for title, raw in companions.items() if called_back in raw]
    assert [title.partition(": ")[2] for title in told] == ["려권을 빼앗겼을 때 (ko_KP)"]


@pytest.fixture
def people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> People:
    """The people behind the sealed shelf for workers, with keys of their own."""
    quick_keys(monkeypatch)
    monkeypatch.setattr(sealing, "PASSPHRASE_ROUNDS", 1000)
    monkeypatch.chdir(tmp_path)
    project = make_project(tmp_path / "project")
    write_packs(project)
    project.replace(f"{HELD}/pack.yaml", PUBLISHER, "demo")
    without_open_questions(project)
    made = People(project, tmp_path / "people", capsys)
    made.make_plan("c7")
    made.must("keys", "shelf", "c7", "--make")
    made.approve_everything("c7")
    made.release("c7")
    return made


def key_of(people: People) -> ShelfKey:
    return ShelfKey.from_words(people.must("keys", "shelf", "c7", "--words").out)


def test_after_a_rotation_only_the_new_key_opens_what_is_published(
    people: People, tmp_path: Path
) -> None:
    old = key_of(people)
    before = {path.name: path.read_bytes() for path in targets_of(people.tree("c7"))}
    [edition] = opened(people.tree("c7"), old)
    people.must("keys", "shelf", "c7", "--rotate")
    new = key_of(people)
    assert new != old
    people.project.replace(f"{HELD}/pack.yaml", "version: 1", "version: 2")
    people.approve_everything("c7")
    people.release("c7")
    people.must("bundle", "make", "c7", "--out", tmp_path / "a.bin")
    [target] = targets_of(people.tree("c7"))
    sealed = [target.read_bytes(), (tmp_path / "a.bin").read_bytes()]
    for raw in sealed:
        assert open_sealed(raw, new.secret, EDITION_BYTES)
        with pytest.raises(AnotherKeyError):
            open_sealed(raw, old.secret, EDITION_BYTES)
    [again] = opened(people.tree("c7"), new)
    assert again.edition.title == edition.edition.title
    assert not before.keys() & {path.name for path in people.tree("c7").rglob("*")}
    for raw in before.values():
        assert open_sealed(raw, old.secret, EDITION_BYTES), "what was published before stays open"
    words = written_by_authors(people.project)
    assert words_in(people.tree("c7").parent, words) == set()
