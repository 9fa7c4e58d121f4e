"""Forged, missing, doubled and too few signatures; keys rotated in every order."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey
from tests.stories.attacks.repository import Repository, make_signers, open_client, refusal
from tuf.api.metadata import Metadata

from bojagi.domain.verdicts import Verdict

ROLES: Final = ("root", "timestamp", "snapshot", "targets")

Step = tuple[list[int], int, list[int]]
"""The keys of a root, how many must sign, and who did."""


def _release_with(repository: Repository, role: str, change: Any) -> None:  # noqa: ANN401
    for each in ("root", "targets", "snapshot", "timestamp"):
        repository.signed[each].version += 1
        repository.write(each, change if each == role else None)


def _drop(metadata: Metadata[Any]) -> None:
    metadata.signatures.clear()


def _spoil(metadata: Metadata[Any]) -> None:
    for signature in metadata.signatures.values():
        signature.signature = "00" * 64


def _nonsense(metadata: Metadata[Any]) -> None:
    for signature in metadata.signatures.values():
        signature.signature = "서명 아님"


def _stranger(metadata: Metadata[Any]) -> None:
    metadata.signatures.clear()
    metadata.sign(CryptoSigner.generate_ed25519())


def _stranger_under_our_name(metadata: Metadata[Any]) -> None:
    (named,) = metadata.signatures
    made = CryptoSigner.generate_ed25519().sign(metadata.signed_bytes)
    metadata.signatures[named] = Signature(named, made.signature)


def _change_after_signing(metadata: Metadata[Any]) -> None:
    metadata.signed.unrecognized_fields["added"] = "later"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "change",
    [_drop, _spoil, _nonsense, _stranger, _stranger_under_our_name, _change_after_signing],
)
def test_metadata_without_a_true_signature_is_not_ours(role: str, change: Any) -> None:  # noqa: ANN401
    repository = Repository()
    memory = repository.pinned
    _release_with(repository, role, change)
    assert refusal(repository, memory) is Verdict.NOT_OURS
    kept = memory.recall(role)
    assert kept is None or Metadata.from_bytes(kept).signed.version == 1


@pytest.mark.parametrize("role", ROLES)
def test_one_signature_listed_twice_is_damaged(role: str) -> None:
    repository = Repository()
    memory = repository.pinned
    repository.publish("root", "targets", "snapshot", "timestamp")
    fields = json.loads(repository.files[repository.current(role)])
    fields["signatures"] *= 2
    repository.serve(role, json.dumps(fields).encode())
    assert refusal(repository, memory) is Verdict.DAMAGED


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("written", [str, str.upper], ids=["same", "upper-case"])
def test_one_key_under_two_ids_counts_once(role: str, written: Any) -> None:  # noqa: ANN401
    repository = Repository()
    memory = repository.pinned
    (signer,) = make_signers(1)
    key = signer.public_key
    public = written(key.keyval["public"])
    twin = SSlibKey("0" * 64, key.keytype, key.scheme, {"public": public})
    repository.set_keys(role, [signer], 1)
    repository.root.keys[twin.keyid] = twin
    repository.root.roles[role].keyids.append(twin.keyid)
    repository.root.roles[role].threshold = 2

    def sign_for_both(metadata: Metadata[Any]) -> None:
        made = metadata.signatures[key.keyid].signature
        metadata.signatures[twin.keyid] = Signature(twin.keyid, made)

    _release_with(repository, role, sign_for_both)
    assert refusal(repository, memory) is Verdict.NOT_OURS


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
@pytest.mark.parametrize(
    ("keys", "threshold", "by", "trusted"),
    [
        ([2], 1, [2], True),
        ([1], 1, [3, 1, 4], True),
        ([2], 1, [1, 3, 4], False),
        ([0, 1, 3, 4, 5], 3, [0, 2, 4], False),
        ([0, 1, 3, 4, 5], 3, [0, 4], False),
        ([0, 1, 2, 3, 4], 3, [0, 2, 4], True),
        ([0, 1, 2, 3, 4], 3, [4, 3, 2], True),
        ([0, 1, 2, 3, 4], 6, [0, 1, 2, 3, 4], False),
    ],
)
def test_a_role_needs_its_threshold_of_its_own_keys(
    role: str, keys: list[int], threshold: int, by: list[int], *, trusted: bool
) -> None:
    repository = Repository()
    memory = repository.pinned
    signers = make_signers(6)
    repository.set_keys(role, [signers[each] for each in keys], threshold)
    repository.signers[role] = [signers[each] for each in by]
    repository.publish("root", "targets", "snapshot", "timestamp")
    if trusted:
        open_client(repository, memory)
    else:
        assert refusal(repository, memory) is Verdict.NOT_OURS


@pytest.mark.parametrize(
    ("steps", "trusted"),
    [
        pytest.param([([1], 1, [1]), ([2], 1, [2, 1]), ([2], 1, [2])], True, id="one-rotated"),
        pytest.param([([1], 1, [3, 1]), ([2], 1, [3, 2, 1, 4])], True, id="strangers-sign-too"),
        pytest.param([([1], 1, [1]), ([2], 1, [2])], False, id="only-the-new-key"),
        pytest.param([([1], 1, [1]), ([2], 1, [1])], False, id="only-the-old-key"),
        pytest.param([([1, 2, 3], 2, [1, 2]), ([1, 2, 4], 2, [1, 2])], True, id="one-of-three"),
        pytest.param([([1, 2, 3], 2, [1, 2]), ([1, 4, 5], 2, [1, 4])], False, id="one-old-only"),
        pytest.param([([1, 2, 3], 2, [1, 2]), ([1, 4, 5], 2, [1, 2])], False, id="one-new-only"),
        pytest.param([([1, 2, 3], 2, [1, 2]), ([4, 5, 6], 2, [1, 2, 4, 5])], True, id="all"),
        pytest.param([([1, 2, 3], 2, [2, 3]), ([1, 2, 3], 2, [1, 3])], True, id="other-pairs"),
        pytest.param([([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [1, 2])], True, id="raised"),
        pytest.param([([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [2])], False, id="raised-too-few"),
        pytest.param([([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1, 2])], True, id="lowered"),
        pytest.param([([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1])], False, id="lowered-by-one"),
        pytest.param([([1], 1, [1]), ([2], 1, [1, 2]), ([1], 1, [1])], False, id="thief-returns"),
        pytest.param([([1], 1, [1]), ([2], 1, [1, 2]), ([1], 1, [1, 2])], True, id="and-back"),
    ],
)
def test_a_root_is_signed_by_the_keys_before_and_by_its_own(
    steps: list[Step], *, trusted: bool
) -> None:
    repository = Repository()
    signers = make_signers(7)
    repository.root.version = 0
    for keys, threshold, by in steps:
        repository.set_keys("root", [signers[each] for each in keys], threshold)
        repository.signers["root"] = [signers[each] for each in by]
        repository.publish("root")
    memory = repository.pinned
    if trusted:
        assert open_client(repository, memory).trusted.root.version == len(steps)
    else:
        assert refusal(repository, memory) is Verdict.NOT_OURS
        assert memory.recall("root") == repository.files[f"metadata/{len(steps) - 1}.root.json"]


def test_a_pinned_root_that_does_not_vouch_for_itself_is_not_ours() -> None:
    repository = Repository()
    repository.write("root", _spoil)
    assert refusal(repository, repository.pinned) is Verdict.NOT_OURS
    assert repository.reads == []


def test_a_root_that_skips_a_version_is_not_ours() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.publish("root", "root")
    repository.files["metadata/2.root.json"] = repository.files.pop("metadata/3.root.json")
    assert refusal(repository, memory) is Verdict.NOT_OURS


def test_many_roots_are_followed_one_by_one() -> None:
    repository = Repository()
    memory = repository.pinned
    for _ in range(20):
        repository.rotate("timestamp")
        repository.publish("root")
    repository.publish("timestamp")
    assert open_client(repository, memory).trusted.root.version == 21


def test_an_unknown_field_is_kept_in_what_is_verified() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.root.unrecognized_fields["beside"] = {"ㄱ": 1}
    repository.publish("root")
    assert open_client(repository, memory).trusted.root.version == 2
