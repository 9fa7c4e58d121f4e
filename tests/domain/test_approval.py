"""Approvals count for exactly the bytes they were given for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.domain.examples import PACK

from bojagi.domain.approval import Approval, missing_sign_offs
from bojagi.domain.exposure import Audience
from bojagi.domain.locales import KO_KR
from bojagi.domain.pack import SignOff
from bojagi.errors import InvalidValueError

DIGEST = "a" * 64
DAY = date(2026, 11, 20)


def given(kind: SignOff, digest: str = DIGEST) -> Approval:
    return Approval(digest, kind, "소나무", DAY)


def test_every_pack_for_readers_needs_safety_and_a_northern_reader() -> None:
    pack = replace(PACK, sign_offs=(SignOff.CLINICIAN,))
    needed = (SignOff.SAFETY, SignOff.CLINICIAN, SignOff.NORTHERN_READER)
    assert pack.needed_sign_offs == needed
    assert missing_sign_offs(pack, DIGEST, []) == needed


def test_a_pack_for_staff_needs_no_northern_reader() -> None:
    pack = replace(PACK, audience=Audience.STAFF, source_locale=KO_KR, sign_offs=())
    assert pack.needed_sign_offs == (SignOff.SAFETY,)


def test_an_approval_of_other_bytes_counts_for_nothing() -> None:
    pack = replace(PACK, sign_offs=())
    approvals = [given(SignOff.SAFETY), given(SignOff.NORTHERN_READER, "b" * 64)]
    assert missing_sign_offs(pack, DIGEST, approvals) == (SignOff.NORTHERN_READER,)
    assert missing_sign_offs(pack, "c" * 64, approvals) == pack.needed_sign_offs


@pytest.mark.parametrize("digest", ["", "a" * 63, "A" * 64, "가" * 64])
def test_a_digest_that_is_none_is_refused(digest: str) -> None:
    with pytest.raises(InvalidValueError, match="digest"):
        given(SignOff.SAFETY, digest)


def test_nobody_is_no_pseudonym() -> None:
    with pytest.raises(InvalidValueError, match="pseudonym"):
        Approval(DIGEST, SignOff.SAFETY, " ", DAY)
