"""The companion of an edition: sources, publisher, sign-offs, what to say if it is called back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from bojagi.building.notes import safety_note
from bojagi.building.policy_words import AUDIENCES, EXPOSURES
from bojagi.building.withdrawal_words import CALLED_BACK, REASONS, TO_SAY
from bojagi.building.words import Words, mark
from bojagi.domain.approval import Approval
from bojagi.domain.edition import Edition, EditionArticle
from bojagi.domain.exposure import Audience
from bojagi.domain.pack import Pack, SignOff

SIGN_OFFS: Final[Mapping[SignOff, str]] = {
    SignOff.SAFETY: mark("safety"),
    SignOff.SUBJECT: mark("the subject"),
    SignOff.CLINICIAN: mark("a clinician"),
    SignOff.LABOUR_LAWYER: mark("a labour lawyer"),
    SignOff.NORTHERN_READER: mark("a reader from the North"),
    SignOff.RUSSIAN_READER: mark("a reader of Russian"),
    SignOff.CHINESE_READER: mark("a reader of Chinese"),
}


def build_companion(  # noqa: PLR0913, PLR0917 - all it says comes from somewhere
    pack: Pack,
    edition: Edition,
    number: int,
    approvals: Sequence[Approval],
    words: Words,
    reader_words: Words,
    *,
    is_withdrawn: bool,
) -> Edition:
    """Build the companion of an edition.

    Args:
        pack: what the edition was built from.
        edition: the edition.
        number: the companion's own, on the staff shelf.
        approvals: those of exactly this edition's bytes.
        words: of the staff's locale.
        reader_words: of the pack's own locale, for what is said to readers.
        is_withdrawn: whether the edition was called back.
    """
    by_number = {article.number: article for article in pack.articles}
    articles = [_about(pack, edition, approvals, words, is_withdrawn=is_withdrawn)]
    articles += [
        EditionArticle(
            number=article.number + 1,
            title=f"{words(mark('Sources'))}: {article.title}",
            summary="",
            html="",
            checked_on=article.checked_on,
            review_by=article.review_by,
            time_critical=article.time_critical,
            sources=by_number[article.number].sources,
        )
        for article in edition.articles
        if article.number in by_number
    ]
    articles.append(_to_say(edition, words, reader_words, len(articles) + 1))
    return Edition(
        pack=number,
        locale=words.locale.code,
        version=edition.version,
        audience=Audience.STAFF,
        exposure=edition.exposure,
        title=words(COMPANION, title=edition.title, locale=str(edition.locale)),
        note=safety_note(Audience.STAFF, edition.exposure, words),
        issued=edition.issued,
        review_by=edition.review_by,
        articles=tuple(articles),
    )


COMPANION: Final = mark("Companion of {title} ({locale})")
ABOUT: Final = mark("About this edition")
VERSION_LINE: Final = mark("Version {version}, of {day}")
PUBLISHER: Final = mark("Publisher: {name}")
LICENCE: Final = mark("Licence: {name}")
WRITTEN_FOR: Final = mark("Written for: {audience}")
EXPOSURE: Final = mark("What being found with it can cost: {exposure}")
APPROVED: Final = mark("Signed off for {kind} by {name} on {day}")
NOT_APPROVED: Final = mark("Not signed off yet for {kind}")
WHAT_TO_SAY: Final = mark("What to say to people who saw it, if it is called back")
SAY_WHEN: Final = mark("When the reason is this: {reason}")


def _about(
    pack: Pack, edition: Edition, approvals: Sequence[Approval], words: Words, *, is_withdrawn: bool
) -> EditionArticle:
    given = {approval.kind: approval for approval in approvals}
    lines = [
        words(VERSION_LINE, version=edition.version, day=words.day(edition.issued)),
        words(PUBLISHER, name=pack.publisher),
        words(LICENCE, name=pack.licence),
        words(WRITTEN_FOR, audience=words(AUDIENCES[edition.audience])),
        words(EXPOSURE, exposure=words(EXPOSURES[edition.exposure])),
    ]
    if is_withdrawn:
        lines.insert(0, words(CALLED_BACK))
    for kind in pack.needed_sign_offs:
        approval = given.get(kind)
        named = words(SIGN_OFFS[kind])
        lines.append(
            words(APPROVED, kind=named, name=approval.by, day=words.day(approval.on))
            if approval
            else words(NOT_APPROVED, kind=named)
        )
    html = "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
    return _article(1, words(ABOUT), html, edition)


def _to_say(edition: Edition, words: Words, reader_words: Words, number: int) -> EditionArticle:
    parts = []
    for reason, sentence in TO_SAY.items():
        when = words(SAY_WHEN, reason=words(REASONS[reason]))
        lang = reader_words.locale.language_tag
        parts.append(
            f'<p>{escape(when)}</p><blockquote><p lang="{lang}">'
            f"{escape(reader_words(sentence))}</p></blockquote>"
        )
    return _article(number, words(WHAT_TO_SAY), "".join(parts), edition)


def _article(number: int, title: str, html: str, edition: Edition) -> EditionArticle:
    return EditionArticle(
        number=number,
        title=title,
        summary="",
        html=html,
        checked_on=edition.issued,
        review_by=edition.review_by,
        time_critical=False,
    )
