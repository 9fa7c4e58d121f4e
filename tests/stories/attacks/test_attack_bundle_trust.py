"""Well written bundles, signed by the wrong people, for another day, or for another place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from securesystemslib.signer import CryptoSigner
from tests.stories.attacks.bundles import KEY, Worker, bundle_of, files_of, make_shelf
from tests.trust.shelf import DAY, Shelf, keys_of, make_signers
from tuf.api.metadata import Metadata, TargetFile
from tuf.api.serialization.json import JSONSerializer

from bojagi.domain.verdicts import Verdict
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import AnotherKeyError, NothingOursError
from bojagi.services.verifying import Keys
from bojagi.trust.bundle import make_bundle
from bojagi.trust.plan import Plan, Publisher
from bojagi.trust.repository import Repository, assemble, file_name
from bojagi.trust.sealing import BLOCK_BYTES, seal, seal_with_passphrase
from bojagi.trust.shelf_key import ShelfKey
from bojagi.trust.verifier import REASON

LATER: Final = DAY + timedelta(days=1)
WORDS: Final = "겨울 두만강 보자기 열두 보름달 가운데"
SALT: Final = bytes(range(16))
ALL_ROLES: Final = ("timestamp", "1.snapshot", "1.targets", "1.1-0", "1.w")


@pytest.fixture
def shelf() -> Shelf:
    return make_shelf()


@pytest.fixture
def worker(shelf: Shelf, tmp_path: Path) -> Worker:
    return Worker.of(tmp_path / "there" / "here", shelf)


def release_two(shelf: Shelf) -> bytes:
    """Publish a new edition in the first locale; return the bundle of before."""
    before = bundle_of(shelf)
    shelf.offer("1/0/1", "추위에서 몸을 지키기, 고친 글".encode())
    shelf.release(LATER)
    return before


def resigned(data: bytes, signers: list[CryptoSigner], change: Callable[[Any], None]) -> bytes:
    """Change what metadata says, and sign it with these keys alone."""
    metadata: Metadata[Any] = Metadata.from_bytes(data)
    change(metadata.signed)
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    return metadata.to_bytes(JSONSerializer(compact=True))


def test_two_editions_that_changed_places_are_both_damaged(shelf: Shelf, worker: Worker) -> None:
    files = files_of(shelf)
    one, other = (name for name in files if name.startswith("targets/"))
    verdicts = worker.verdicts(make_bundle({**files, one: files[other], other: files[one]}))
    assert verdicts == {"1/0/1": Verdict.DAMAGED, "1/1/1": Verdict.DAMAGED}


def test_an_edition_under_the_name_of_another_is_not_ours(shelf: Shelf, worker: Worker) -> None:
    files = files_of(shelf)
    name = next(name for name in files if name.startswith("targets/1/0/"))
    for new in (name.replace("/1/0/", "/1/1/"), name[:-1] + "2", name.replace("/1/0/", "/2/0/")):
        renamed = {other: data for other, data in files.items() if other != name}
        assert worker.judge(make_bundle({**renamed, new: files[name]})) is Verdict.NOT_OURS
        assert worker.judge(make_bundle({**files, new: files[name]})) is Verdict.NOT_OURS


def test_an_edition_that_nobody_signed_is_not_ours(shelf: Shelf, worker: Worker) -> None:
    extra = {f"targets/1/0/{'0' * 64}.7": "전화번호를 남기십시오".encode()}
    verdicts = worker.verdicts(make_bundle({**files_of(shelf), **extra}))
    assert verdicts.pop(next(iter(extra))) is Verdict.NOT_OURS
    assert set(verdicts.values()) == {Verdict.CURRENT}, "it takes no genuine one with it"


def test_editions_of_another_shelf_are_not_ours(shelf: Shelf, worker: Worker) -> None:
    other = make_shelf()
    assert worker.judge(bundle_of(other)) is Verdict.NOT_OURS
    other.offer("1/0/2", "다른 책장의 글".encode())
    other.release()
    theirs = {name: data for name, data in files_of(other).items() if name.endswith(".2")}
    assert worker.judge(make_bundle({**files_of(shelf), **theirs})) is Verdict.NOT_OURS


def test_who_got_both_roots_in_person_keeps_the_shelves_apart(shelf: Shelf, tmp_path: Path) -> None:
    other = make_shelf()
    worker = Worker.of(tmp_path / "two" / "here", shelf, other)
    pins = {worker.check(bundle_of(each)).pin for each in (shelf, other)}
    assert len(pins) == 2
    mixed = {**files_of(shelf), "metadata/1.root.json": files_of(other)["metadata/1.root.json"]}
    assert worker.check(make_bundle(mixed)).pin == worker.check(bundle_of(shelf)).pin


@pytest.mark.parametrize("role", ALL_ROLES)
def test_metadata_of_another_shelf_is_not_ours(shelf: Shelf, worker: Worker, role: str) -> None:
    name = f"metadata/{role}.json"
    mixed = {**files_of(shelf), name: files_of(make_shelf())[name]}
    assert worker.judge(make_bundle(mixed)) is Verdict.NOT_OURS


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "1-0"])
@pytest.mark.parametrize("has_seen", [False, True])
def test_metadata_of_another_release_makes_nothing_current(
    shelf: Shelf, worker: Worker, role: str, *, has_seen: bool
) -> None:
    before = files_of(shelf)
    release_two(shelf)
    if has_seen:
        worker.judge(bundle_of(shelf))
    after = files_of(shelf)
    old, new = f"metadata/{file_name(role, 1)}", f"metadata/{file_name(role, 2)}"
    report = worker.check(make_bundle({**after, new: before[old]})).report
    if has_seen and role != "timestamp":  # it isn't read again: who saw it holds the genuine one
        verdicts = {each.path: each.verdict for each in report.judgements}
        assert verdicts.pop(new) is Verdict.NOT_OURS, "what lies in its place is named"
        assert set(verdicts.values()) <= {Verdict.CURRENT, Verdict.NOT_OURS}
        return
    assert report.verdict in {Verdict.DAMAGED, Verdict.OLDER_THAN_YOURS}
    assert all(
        each.path != "1/0/1" for each in report.judgements if each.verdict == Verdict.CURRENT
    )


@pytest.mark.parametrize(("role", "keys"), [("1.targets", 1), ("1.1-0", 0), ("1.w", 0)])
def test_fewer_signatures_than_the_threshold_are_not_ours(
    shelf: Shelf, worker: Worker, role: str, keys: int
) -> None:
    name = f"metadata/{role}.json"
    signed = resigned(files_of(shelf)[name], shelf.targets[:keys], lambda _: None)
    assert worker.judge(make_bundle({**files_of(shelf), name: signed})) is Verdict.NOT_OURS
    enough = resigned(files_of(shelf)["metadata/1.targets.json"], shelf.targets[1:], lambda _: None)
    again = {**files_of(shelf), "metadata/1.targets.json": enough}
    assert worker.judge(make_bundle(again)) is Verdict.CURRENT, "other two of the three are enough"


@pytest.mark.parametrize("signers", [1, 0])
def test_a_next_root_signed_by_too_few_is_not_ours(
    shelf: Shelf, worker: Worker, signers: int
) -> None:
    def go_on(root: Any) -> None:  # noqa: ANN401 - a role is of its own kind
        root.version = 2

    first = shelf.repository.files["1.root.json"]
    for keys, verdict in (
        (shelf.root[:signers], Verdict.NOT_OURS),
        (shelf.root[:2], Verdict.CURRENT),
    ):
        files = {**files_of(shelf), "metadata/2.root.json": resigned(first, keys, go_on)}
        assert worker.judge(make_bundle(files)) is verdict


def forged(shelf: Shelf, thieves: Shelf) -> bytes:
    """What thieves publish who go on from release 1 of a shelf with the keys that they have."""
    thieves.repository, thieves.content = shelf.repository, dict(shelf.content)
    thieves.offered = {role: dict(targets) for role, targets in shelf.offered.items()}
    thieves.offer("1/0/1", "이름과 전화번호를 남기십시오".encode())
    thieves.release(LATER)
    return bundle_of(thieves)


def test_a_revoked_publisher_is_not_ours_for_who_saw_it(shelf: Shelf, worker: Worker) -> None:
    """The thief has the publisher's old key, and the keys of the host."""
    false = forged(shelf, replace(shelf))
    fresh = Worker.of(worker.folder.parent / "fresh", shelf)
    assert fresh.judge(false) is Verdict.CURRENT, "the thief's work is whole for who saw nothing"
    stolen, shelf.publisher = shelf.publisher, make_signers(1)
    shelf.offer("1/0/1", "추위에서 몸을 지키기, 고친 글".encode())
    shelf.release(LATER)
    assert worker.judge(bundle_of(shelf)) is Verdict.CURRENT
    assert worker.judge(false) is Verdict.NOT_OURS

    def go_on(role: Any) -> None:  # noqa: ANN401 - a role is of its own kind
        role.version += 1

    files = files_of(shelf)
    files["metadata/3.1-0.json"] = resigned(files["metadata/2.1-0.json"], stolen, go_on)
    online = (shelf.snapshot, shelf.timestamp)
    ahead = assemble(Repository.load(_without_folder(files)), online, LATER + timedelta(days=1))
    report = worker.check(bundle_of(replace(shelf, repository=ahead))).report
    assert report.verdict is Verdict.NOT_OURS
    assert [each.path for each in report.judgements if each.verdict is Verdict.CURRENT] == ["1/1/1"]


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    names = {name: data for name, data in files.items() if name.startswith("metadata/")}
    return {name.removeprefix("metadata/"): data for name, data in names.items()}


def test_a_root_key_rotated_out_stops_working_for_who_saw_the_new_root(
    shelf: Shelf, worker: Worker
) -> None:
    """Two of the three people lost their keys. Who saw the new root isn't deceived by the thief."""
    thieves = replace(shelf, targets=make_signers(3), publisher=make_signers(1))
    thieves.snapshot = thieves.timestamp = CryptoSigner.generate_ed25519()
    false = forged(shelf, thieves)
    fresh = Worker.of(worker.folder.parent / "fresh", shelf)
    assert fresh.judge(false) is Verdict.CURRENT, "who only has the old root believes its keys"
    shelf.root = [*make_signers(2), shelf.root[2]]
    before = bundle_of(shelf)
    request = [*thieves.root, *shelf.root, *shelf.targets, *shelf.publisher, *shelf.reviewer]
    shelf.release(LATER, request)
    assert worker.judge(bundle_of(shelf)) is Verdict.CURRENT
    assert worker.judge(false) is Verdict.NOT_OURS
    further = replace(thieves, repository=shelf.repository)
    with pytest.raises(Exception, match=r"root has . of the 2"):
        further.release(LATER + timedelta(days=2))
    worker.judge(before)
    assert worker.judge(false) is Verdict.NOT_OURS, "an older stick takes nothing back"


def test_a_timestamp_key_rotated_out_is_not_ours_for_who_saw_the_new_root(
    shelf: Shelf, worker: Worker
) -> None:
    before = bundle_of(shelf)
    shelf.timestamp = CryptoSigner.generate_ed25519()
    shelf.release(LATER)
    assert worker.judge(bundle_of(shelf)) is Verdict.CURRENT
    assert worker.judge(before) is Verdict.NOT_OURS
    fresh = Worker.of(worker.folder.parent / "fresh", shelf)
    assert fresh.judge(before) is Verdict.CURRENT, "who saw nothing can't know it"


def test_a_rolled_back_bundle_is_older_than_what_was_seen(shelf: Shelf, worker: Worker) -> None:
    before = release_two(shelf)
    fresh = Worker.of(worker.folder.parent / "fresh", shelf)
    assert fresh.judge(before) is Verdict.CURRENT
    assert worker.judge(bundle_of(shelf)) is Verdict.CURRENT
    assert worker.verdicts(before) == {
        "1/0/1": Verdict.OLDER_THAN_YOURS,
        "1/1/1": Verdict.CURRENT,
    }


def test_another_publisher_cannot_make_an_old_edition_current_again(tmp_path: Path) -> None:
    """It lists the old digest in a role of its own, under a path that isn't its own."""
    second = make_signers(1)

    class WithTwo(Shelf):
        @property
        def plan(self) -> Plan:
            publishers = (*super().plan.publishers, Publisher(2, 2, keys_of(second)))
            return replace(super().plan, publishers=publishers)

    shelf = WithTwo()
    everybody = [*shelf.root, *shelf.targets, *shelf.publisher, *shelf.reviewer, *second]
    old = shelf.offer("1/0/1", "옛글".encode())
    shelf.release(DAY, everybody)
    before = bundle_of(shelf)
    shelf.offer("1/0/1", "고친 글".encode())
    shelf.offered["2-0"] = {old.path: old}
    shelf.release(LATER, everybody)
    worker = Worker.of(tmp_path / "there" / "here", shelf)
    assert shelf.judge(memory=worker.memory).verdict is Verdict.CURRENT, "the whole shelf was seen"
    assert worker.verdicts(before) == {"1/0/1": Verdict.OLDER_THAN_YOURS}


def test_a_bundle_of_one_locale_tells_that_another_has_a_newer_one(
    shelf: Shelf, worker: Worker
) -> None:
    """Its snapshot names the newer role of the other locale, which it needn't hold."""
    before = bundle_of(shelf)
    assert worker.judge(before) is Verdict.CURRENT
    shelf.offer("1/1/1", b"cold, corrected")
    shelf.release(LATER)
    files = files_of(shelf)
    one = {name: data for name, data in files.items() if not name.startswith("targets/1/1/")}
    assert worker.judge(make_bundle(one)) is Verdict.CURRENT
    assert worker.verdicts(before) == {
        "1/0/1": Verdict.CURRENT,
        "1/1/1": Verdict.OLDER_THAN_YOURS,
    }


def call_back(shelf: Shelf, target: TargetFile) -> None:
    """Let the safety reviewer call an edition back."""
    path = f"w/{target.hashes['sha256']}"
    call = TargetFile.from_data(path, b"", ["sha256"])
    call.unrecognized_fields["custom"] = {REASON: WithdrawalReason.DANGER.value}
    shelf.offered.setdefault("w", {})[path] = call
    shelf.release(LATER, shelf.reviewer)


def test_a_withdrawn_edition_is_withdrawn_in_every_bundle(shelf: Shelf, worker: Worker) -> None:
    before = bundle_of(shelf)
    call_back(shelf, shelf.offered["1-0"]["1/0/1"])
    withdrawn = {"1/0/1": Verdict.WITHDRAWN, "1/1/1": Verdict.CURRENT}
    assert worker.verdicts(bundle_of(shelf)) == withdrawn
    assert worker.verdicts(before) == withdrawn, "what was seen counts in older bundles too"


def with_keys(worker: Worker, *keys: ShelfKey, words: str = "") -> Worker:
    return replace(worker, keys=Keys(lambda: keys, (lambda: words) if words else None))


def test_a_sealed_bundle_opens_with_its_key_alone(shelf: Shelf, worker: Worker) -> None:
    raw = seal(bundle_of(shelf), KEY.secret)
    assert len(raw) % BLOCK_BYTES == 0
    other = ShelfKey(bytes(16))
    assert with_keys(worker, other, KEY).judge(raw) is Verdict.CURRENT
    for keys in ((), (other,)):
        assert is_locked(with_keys(worker, *keys), raw)


def test_a_bundle_under_a_passphrase_opens_with_it_alone(shelf: Shelf, worker: Worker) -> None:
    raw = seal_with_passphrase(bundle_of(shelf), WORDS, SALT)
    assert with_keys(worker, words=WORDS).judge(raw) is Verdict.CURRENT
    for words in ("", WORDS + " ", WORDS.replace("겨울", "여름")):
        assert is_locked(with_keys(worker, KEY, words=words), raw)


def test_a_sealed_bundle_with_any_bit_flipped_is_never_opened(shelf: Shelf, worker: Worker) -> None:
    raw, opener = seal(bundle_of(shelf), KEY.secret), with_keys(worker, KEY)
    for at in (*range(1, 60), *range(60, len(raw), 311), len(raw) - 1):
        bent = raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :]
        if 1 <= at < 9:
            assert is_locked(opener, bent), at
        else:
            assert opener.judge(bent) is Verdict.DAMAGED, at
    for cut in (raw[:-BLOCK_BYTES], raw[BLOCK_BYTES:], raw + bytes(BLOCK_BYTES)):
        with_refusal(opener, cut)
    with_refusal(opener, raw[:-1])
    with_refusal(opener, b"\3" + raw[1:])


def is_locked(worker: Worker, raw: bytes) -> bool:
    """Whether nothing is said of a sealed bundle, because no key at hand opens it."""
    try:
        worker.judge(raw)
    except AnotherKeyError:
        return True
    return False


def with_refusal(worker: Worker, raw: bytes) -> None:
    """A file that has lost its shape is nothing of ours, or damaged; it is never opened."""
    with suppress(NothingOursError):
        assert worker.judge(raw) in {Verdict.DAMAGED, Verdict.NOT_OURS}


def test_whoever_has_the_shelf_key_still_cannot_publish(shelf: Shelf, worker: Worker) -> None:
    """An insider seals what they like; signatures are what is believed."""
    opener = with_keys(worker, KEY)
    files = files_of(shelf)
    false = f"targets/1/0/{'0' * 64}.7"
    for bent in (
        bundle_of(make_shelf()),
        make_bundle({**files, false: b"1"}),
        bundle_of(shelf)[:-1],
        seal(bundle_of(shelf), KEY.secret),
        "보자기".encode(),
        b"",
    ):
        assert opener.judge(seal(bent, KEY.secret)) in {Verdict.DAMAGED, Verdict.NOT_OURS}
