from __future__ import annotations

from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.exposure import (
    MEANT_FOR,
    SOURCE_LOCALES,
    Audience,
    Channel,
    Decision,
    Exposure,
    Reason,
    Recipient,
    Ruling,
    page_ruling,
    policy,
    stricter_of,
)
from bojagi.domain.identifiers import LocaleCode
from bojagi.errors import InvalidValueError

LOCALES: Final = [LocaleCode(code) for code in ("ko_KP", "ko_KR", "en", "ru", "zh_Hans")]
OWN: Final = {"worker": "ko_KP", "departed": "ko_KP", "settled": "ko_KR", "staff": "ko_KR"}

SIGNS: Final = {
    ".": Ruling(Decision.ALLOW),
    "S": Ruling(Decision.ALLOW, sealed=True),
    "n": Ruling(Decision.WARN, Reason.NOTE_FIRST),
    "1": Ruling(Decision.WARN, Reason.ONE_ARTICLE),
    "s": Ruling(Decision.WARN, Reason.MAY_BE_SEARCHED),
    "k": Ruling(Decision.WARN, Reason.KEEP_PRIVATE),
    "I": Ruling(Decision.REFUSE, Reason.SHOW_INSTEAD),
    "O": Ruling(Decision.REFUSE, Reason.SHOW_ONLY),
    "V": Ruling(Decision.REFUSE, Reason.NEVER_KEPT),
    "X": Ruling(Decision.REFUSE, Reason.NOT_MEANT_FOR),
    "L": Ruling(Decision.REFUSE, Reason.OTHER_LOCALE),
    "W": Ruling(Decision.REFUSE, Reason.SUPPORT_WORKERS_ONLY),
    "P": Ruling(Decision.REFUSE, Reason.PAPER_CANT_BE_SEALED),
}
"""Small letters and digits warn, capitals refuse, except S, which is allowed sealed."""

# Each group is one recipient; its six signs are page, show, file, print, field, bundle.
IN_ITS_OWN_LOCALE: Final = """
                    under_control  left_not_safe  settled  support_worker
worker   ordinary   ..11WW         ..ssWW         XXXXXX   ......
worker   sensitive  nnIIWW         nnIIWW         XXXXXX   nnSPSS
worker   dangerous  OnIIWW         OnIIWW         XXXXXX   OnSPSS
worker   grave      OnIIWW         OnIIWW         XXXXXX   OnSPSS
departed ordinary   XXXXXX         ..ssWW         XXXXXX   ......
departed sensitive  XXXXXX         nnIIWW         XXXXXX   nnSPSS
departed dangerous  XXXXXX         OnIIWW         XXXXXX   OnSPSS
departed grave      XXXXXX         OnIIWW         XXXXXX   OnSPSS
settled  ordinary   XXXXXX         XXXXXX         ....WW   ......
settled  sensitive  XXXXXX         XXXXXX         nnkkWW   nnSPSS
settled  dangerous  XXXXXX         XXXXXX         OnkkWW   OnSPSS
settled  grave      XXXXXX         XXXXXX         OnVVWW   OnSPSS
staff    ordinary   XXXXXX         XXXXXX         XXXXXX   ......
staff    sensitive  XXXXXX         XXXXXX         XXXXXX   nnSPSS
staff    dangerous  XXXXXX         XXXXXX         XXXXXX   OnSPSS
staff    grave      XXXXXX         XXXXXX         XXXXXX   OnSPSS
"""
IN_ANOTHER_LOCALE: Final = """
                    under_control  left_not_safe  settled  support_worker
worker   ordinary   LLLLLL         LLLLLL         XXXXXX   ......
worker   sensitive  LLLLLL         LLLLLL         XXXXXX   nnSPSS
worker   dangerous  LLLLLL         LLLLLL         XXXXXX   OnSPSS
worker   grave      LLLLLL         LLLLLL         XXXXXX   OnSPSS
departed ordinary   XXXXXX         LLLLLL         XXXXXX   ......
departed sensitive  XXXXXX         LLLLLL         XXXXXX   nnSPSS
departed dangerous  XXXXXX         LLLLLL         XXXXXX   OnSPSS
departed grave      XXXXXX         LLLLLL         XXXXXX   OnSPSS
settled  ordinary   XXXXXX         XXXXXX         ....WW   ......
settled  sensitive  XXXXXX         XXXXXX         nnkkWW   nnSPSS
settled  dangerous  XXXXXX         XXXXXX         OnkkWW   OnSPSS
settled  grave      XXXXXX         XXXXXX         OnVVWW   OnSPSS
staff    ordinary   XXXXXX         XXXXXX         XXXXXX   ......
staff    sensitive  XXXXXX         XXXXXX         XXXXXX   nnSPSS
staff    dangerous  XXXXXX         XXXXXX         XXXXXX   OnSPSS
staff    grave      XXXXXX         XXXXXX         XXXXXX   OnSPSS
"""

PAGES: Final = """
          ordinary  sensitive  dangerous  grave  another_locale
worker    .         n          O          O      L
departed  .         n          O          O      L
settled   .         n          O          O      .
staff     W         W          W          W      W
"""

rulings = st.sampled_from(
    [
        ruling if not sealed else Ruling(ruling.decision, ruling.reason, sealed=True)
        for ruling, sealed in product(SIGNS.values(), [False, True])
    ]
)
cells = st.tuples(
    st.sampled_from(Audience),
    st.sampled_from(LOCALES),
    st.sampled_from(Channel),
    st.sampled_from(Recipient),
)


def rows(table: str) -> dict[tuple[str, str], list[str]]:
    lines = [line.split() for line in table.strip("\n").splitlines()[1:]]
    return {(audience, exposure): groups for audience, exposure, *groups in lines}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("exposure", Exposure)
@pytest.mark.parametrize("audience", Audience)
def test_every_cell_is_as_the_design_has_it(
    audience: Audience, exposure: Exposure, locale: LocaleCode
) -> None:
    table = IN_ITS_OWN_LOCALE if locale == OWN[audience] else IN_ANOTHER_LOCALE
    groups = rows(table)[audience, exposure]
    expected = {
        (recipient, channel): SIGNS[sign]
        for recipient, group in zip(
            ["under_control", "left_not_safe", "settled", "support_worker"], groups, strict=True
        )
        for channel, sign in zip(
            ["page", "show", "file", "print", "field", "bundle"], group, strict=True
        )
    }
    found = {
        (str(recipient), str(channel)): policy(audience, exposure, locale, channel, recipient)
        for recipient, channel in product(Recipient, Channel)
    }
    assert found == expected


def test_the_tables_leave_no_audience_and_no_exposure_out() -> None:
    every = {(str(audience), str(exposure)) for audience, exposure in product(Audience, Exposure)}
    assert set(rows(IN_ITS_OWN_LOCALE)) == set(rows(IN_ANOTHER_LOCALE)) == every


@given(cells, st.sampled_from(Exposure))
def test_nothing_is_refused_or_warned_of_without_a_reason(
    cell: tuple[Audience, LocaleCode, Channel, Recipient], exposure: Exposure
) -> None:
    audience, locale, channel, recipient = cell
    ruling = policy(audience, exposure, locale, channel, recipient)
    assert (ruling.reason is Reason.NONE) == (ruling.decision is Decision.ALLOW)
    assert ruling.is_refused == (ruling.decision is Decision.REFUSE)


@given(cells)
def test_a_higher_exposure_is_never_ruled_more_mildly(
    cell: tuple[Audience, LocaleCode, Channel, Recipient],
) -> None:
    audience, locale, channel, recipient = cell
    found = [policy(audience, exposure, locale, channel, recipient) for exposure in Exposure]
    decisions = [ruling.decision for ruling in found]
    assert decisions == sorted(decisions)
    assert [ruling.sealed for ruling in found] == sorted(ruling.sealed for ruling in found)


@pytest.mark.parametrize("channel", [Channel.FILE, Channel.FIELD, Channel.BUNDLE])
@pytest.mark.parametrize("exposure", [Exposure.SENSITIVE, Exposure.DANGEROUS, Exposure.GRAVE])
def test_what_a_support_worker_carries_above_ordinary_is_sealed(
    exposure: Exposure, channel: Channel
) -> None:
    for audience, locale in product(Audience, LOCALES):
        ruling = policy(audience, exposure, locale, channel, Recipient.SUPPORT_WORKER)
        assert ruling == Ruling(Decision.ALLOW, sealed=True)


@pytest.mark.parametrize("exposure", [Exposure.SENSITIVE, Exposure.DANGEROUS, Exposure.GRAVE])
@pytest.mark.parametrize("recipient", [Recipient.UNDER_CONTROL, Recipient.LEFT_NOT_SAFE])
def test_above_ordinary_nothing_stays_with_somebody_who_may_be_searched(
    recipient: Recipient, exposure: Exposure
) -> None:
    kept = [Channel.FILE, Channel.PRINT, Channel.FIELD, Channel.BUNDLE]
    for audience, locale, channel in product(Audience, LOCALES, kept):
        assert policy(audience, exposure, locale, channel, recipient).is_refused


def test_a_staff_pack_reaches_nobody_but_support_workers() -> None:
    readers = [recipient for recipient in Recipient if recipient is not Recipient.SUPPORT_WORKER]
    for exposure, locale, channel, recipient in product(Exposure, LOCALES, Channel, readers):
        assert policy(Audience.STAFF, exposure, locale, channel, recipient).is_refused


@pytest.mark.parametrize("audience", Audience)
def test_pages_carry_what_their_readers_may_open(audience: Audience) -> None:
    header, *lines = PAGES.strip("\n").splitlines()
    signs = next(line.split()[1:] for line in lines if line.split()[0] == audience)
    expected = dict(zip(header.split(), signs, strict=True))
    own = LocaleCode(OWN[audience])
    for exposure in Exposure:
        assert page_ruling(audience, exposure, own) == SIGNS[expected[exposure]]
    for locale in set(LOCALES) - {own}:
        ruling = page_ruling(audience, Exposure.ORDINARY, locale)
        assert ruling == SIGNS[expected["another_locale"]]


def test_a_pack_is_written_in_the_korean_of_its_readers() -> None:
    assert {str(who): str(locale) for who, locale in SOURCE_LOCALES.items()} == OWN
    assert {str(who): sorted(recipients) for who, recipients in MEANT_FOR.items()} == {
        "worker": ["left_not_safe", "under_control"],
        "departed": ["left_not_safe"],
        "settled": ["settled"],
        "staff": [],
    }


@given(rulings, rulings)
def test_a_publisher_may_tighten_the_policy_and_never_loosen_it(
    ours: Ruling, publishers: Ruling
) -> None:
    together = stricter_of(ours, publishers)
    assert together.decision == max(ours.decision, publishers.decision)
    assert together.sealed == (ours.sealed or publishers.sealed)
    if together.decision == ours.decision:
        assert together.reason == ours.reason
    else:
        assert together.reason == publishers.reason


def test_one_article_stays_one_article_when_the_publisher_warns_of_something_milder() -> None:
    one_article = policy(
        Audience.WORKER,
        Exposure.ORDINARY,
        LocaleCode("ko_KP"),
        Channel.FILE,
        Recipient.UNDER_CONTROL,
    )
    milder = Ruling(Decision.WARN, Reason.NOTE_FIRST)
    assert stricter_of(one_article, milder).reason is Reason.ONE_ARTICLE


@pytest.mark.parametrize("decision", [Decision.WARN, Decision.REFUSE])
def test_a_ruling_without_a_reason_can_not_be_made(decision: Decision) -> None:
    with pytest.raises(InvalidValueError, match="expected a reason") as caught:
        Ruling(decision)
    assert caught.value.what == "ruling"


def test_exposures_are_ordered_from_mild_to_grave() -> None:
    exceeding = {(str(a), str(b)) for a, b in product(Exposure, Exposure) if a.exceeds(b)}
    assert exceeding == {
        ("sensitive", "ordinary"),
        ("dangerous", "ordinary"),
        ("grave", "ordinary"),
        ("dangerous", "sensitive"),
        ("grave", "sensitive"),
        ("grave", "dangerous"),
    }
