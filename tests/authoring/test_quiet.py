"""A passage in which nothing was found isn't looked at again, and nothing else is passed over."""

from __future__ import annotations

import pytest

from bojagi.authoring.checks import quiet
from bojagi.authoring.checks.quiet import QuietPassages

COLD = "추우면 마른 옷을 껴입으십시오."


def test_what_was_quiet_is_quiet_in_the_next_run() -> None:
    before, after = QuietPassages(), QuietPassages()
    before.add("ko_KP", COLD)
    after.take_up(before.hand_on())
    assert after.holds("ko_KP", COLD)
    assert not after.holds("ko_KR", COLD), "another locale has other rules"
    assert not after.holds("ko_KP", COLD + " ")
    assert len(before.hand_on()) == 16
    assert COLD.encode() not in before.hand_on()


def test_what_nobody_met_any_more_is_not_handed_on() -> None:
    before, after = QuietPassages(), QuietPassages()
    before.add("ko_KP", COLD)
    before.add("ko_KP", "물을 드십시오.")
    after.take_up(before.hand_on())
    assert after.holds("ko_KP", COLD)
    assert len(after.hand_on()) == 16


def test_another_program_s_memory_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = QuietPassages(), QuietPassages()
    before.add("ko_KP", COLD)
    kept = before.hand_on()
    monkeypatch.setattr(quiet, "_readers", lambda: b"another program")
    after.take_up(kept)
    assert not after.holds("ko_KP", COLD)


@pytest.mark.parametrize("raw", [b"", b"\0", b"\xff" * 100, b"no digest at all"])
def test_a_spoilt_memory_says_nothing(raw: bytes) -> None:
    passages = QuietPassages()
    passages.take_up(raw)
    assert not passages.holds("ko_KP", COLD)
    assert passages.hand_on() == b""


def test_what_can_not_be_written_in_utf_8_is_a_passage_too() -> None:
    passages = QuietPassages()
    passages.add("ko_KP", "\ud800")
    assert passages.holds("ko_KP", "\ud800")
