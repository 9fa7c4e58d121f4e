"""Requests that travel: signed, counted, refused."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from securesystemslib.signer import CryptoSigner
from tests.trust.shelf import DAY, Shelf
from tuf.api.metadata import Metadata, Root, Targets

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import InvalidValueError
from bojagi.trust.signing import Request, finish, sign


def _request(shelf: Shelf) -> Request:
    plan = shelf.plan
    root: Metadata[Root] = Metadata(plan.make_root(1, DAY))
    targets: Metadata[Targets] = Metadata(plan.make_targets(1, DAY))
    request = Request("worker", {"root": root, "targets": targets})
    return Request.from_bytes(request.to_bytes())


def _all(shelf: Shelf, request: Request) -> list[bytes]:
    return [sign(request, signer) for signer in (*shelf.root[:2], *shelf.targets[:2])]


def test_a_request_is_signed_and_finished() -> None:
    shelf = Shelf()
    signed = finish(_request(shelf), _all(shelf, _request(shelf)), None, None)
    assert set(signed) == {"root", "targets"}


def test_below_its_threshold_a_role_is_refused() -> None:
    shelf = Shelf()
    request = _request(shelf)
    with pytest.raises(TrustError) as caught:
        finish(request, _all(shelf, request)[1:], None, None)
    assert caught.value.verdict is Verdict.NOT_OURS


def test_a_signature_of_another_shelf_is_refused() -> None:
    shelf = Shelf()
    other = Request("staff", _request(shelf).roles)
    with pytest.raises(InvalidValueError):
        finish(_request(shelf), _all(shelf, other), None, None)


def test_a_request_that_changed_after_signing_is_refused() -> None:
    shelf = Shelf()
    files = _all(shelf, _request(shelf))
    changed = _request(shelf)
    changed.roles["root"].signed.version = 2
    with pytest.raises(TrustError):
        finish(changed, files, None, None)


def test_signatures_of_strangers_are_dropped() -> None:
    shelf = Shelf()
    request = _request(shelf)
    stranger = CryptoSigner.generate_ed25519()
    signed = finish(request, [*_all(shelf, request), sign(request, stranger)], None, None)
    assert stranger.public_key.keyid.encode() not in b"".join(signed.values())


def test_a_bad_signature_takes_no_good_one_s_place() -> None:
    shelf = Shelf()
    request = _request(shelf)
    files = _all(shelf, request)
    forged = json.loads(files[0])
    forged["signatures"] = dict.fromkeys(forged["signatures"], "00" * 64)
    bad = json.dumps(forged).encode()
    for order in ([*files, bad], [bad, *files]):
        assert set(finish(_request(shelf), order, None, None)) == {"root", "targets"}


def test_a_key_signs_only_where_it_has_a_say() -> None:
    shelf = Shelf()
    request = _request(shelf)
    assert set(json.loads(sign(request, shelf.root[0]))["signatures"]) == {"root"}
    assert json.loads(sign(request, CryptoSigner.generate_ed25519()))["signatures"] == {}


def test_a_request_travels_with_what_it_replaces_and_what_it_vouches_for() -> None:
    request = Request(
        "a3", _request(Shelf()).roles, {"root": b"{}"}, {sha256(b"1").hexdigest(): b"1"}
    )
    again = Request.from_bytes(request.to_bytes())
    assert (again.known, again.contents) == (request.known, request.contents)


def test_a_role_that_nobody_delegates_to_is_not_ours() -> None:
    shelf = Shelf()
    targets = shelf.plan.make_targets(1, DAY)
    request = Request("worker", {"9-9": Metadata(Targets(expires=targets.expires))})
    with pytest.raises(TrustError) as caught:
        finish(request, [], None, targets)
    assert caught.value.verdict is Verdict.NOT_OURS


@pytest.mark.parametrize("fields", [{}, {"key": "1"}, {"key": 1, "signatures": []}])
def test_a_file_that_is_no_signatures_is_refused(fields: dict[str, object]) -> None:
    raw = json.dumps({"format": "bojagi-signatures/1", "shelf": "worker", **fields}).encode()
    with pytest.raises(InvalidValueError):
        finish(_request(Shelf()), [raw], None, None)


@pytest.mark.parametrize("name", ["1-0", "targets"])
def test_a_request_cannot_pass_a_root_for_another_role(name: str) -> None:
    root: Metadata[Root] = Metadata(Shelf().plan.make_root(2, DAY))
    request = Request("worker", {name: root})
    with pytest.raises(InvalidValueError):
        Request.from_bytes(request.to_bytes())


@pytest.mark.parametrize("version", [1, 3])
def test_a_root_that_is_not_the_next_one_is_refused(version: int) -> None:
    shelf = Shelf()
    trusted = shelf.plan.make_root(1, DAY)
    root: Metadata[Root] = Metadata(shelf.plan.make_root(version, DAY))
    request = Request("worker", {"root": root})
    with pytest.raises(InvalidValueError, match="expected 2"):
        finish(request, _all(shelf, request), trusted, None)
