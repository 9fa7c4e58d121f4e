"""Where statements come from and how old they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from bojagi.authoring.approvals import read_approvals
from bojagi.authoring.checks.rule import Rule, Stretch, Surroundings
from bojagi.authoring.checks.stretches import HOTLINES_FILE, article_place
from bojagi.domain.finding import Place, Severity
from bojagi.errors import SourceError
from bojagi.markup.parser import PLACEHOLDER

if TYPE_CHECKING:
    from bojagi.authoring.library import Library
    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.domain.approval import Approval
    from bojagi.domain.finding import Finding

SOURCE_MISSING: Final = Rule(
    "source-missing",
    Severity.BLOCK,
    "The article {found} names no source.",
    "Name where each statement was read: title, issuer, and the day a person read it.",
    "Whether the sources named say what the article says.",
    example="sources: []",
)
SOURCE_UNCHECKED: Final = Rule(
    "source-unchecked",
    Severity.BLOCK,
    "Nobody has looked this up yet: {found}",
    "Let a person read the source, then replace to_check by seen_on with that day.",
    "Whether the person who gave a day really read it.",
    demo_allows=True,
    example="to_check: 2026-11-23",
)
JURISDICTION_MISMATCH: Final = Rule(
    "jurisdiction-mismatch",
    Severity.BLOCK,
    "The article holds for {found}, which its pack doesn't name.",
    "Add the jurisdiction to pack.yaml, or take it out of the article.",
    "A law of another country spoken of in the text alone.",
    example="jurisdictions: [CN] in a pack of [RU]",
)
REVIEW_OVERDUE: Final = Rule(
    "review-overdue",
    Severity.BLOCK,
    "The article was to be checked again by {found}.",
    "Check it against its sources, then set checked_on and review_by anew.",
    "A rule that changed before that day.",
    example="review_by: 2026-01-01",
)
DATES_IN_FUTURE: Final = Rule(
    "dates-in-future",
    Severity.BLOCK,
    "{field} is a day that hasn't come yet: {found}",
    "Write the day on which it really was done.",
    "A day in the past on which nothing was done.",
    example="checked_on: 2030-01-01",
)
FACT_UNKNOWN: Final = Rule(
    "fact-unknown",
    Severity.BLOCK,
    "{found} stands for nothing.",
    "Add the entry to facts.yaml or hotlines.yaml, or correct its name.",
    "A name that exists and is the wrong one.",
    example="{fact:no_such}",
)
FACT_UNUSED: Final = Rule(
    "fact-unused",
    Severity.WARN,
    "No text uses the fact {found}.",
    "Use it, or take it out of facts.yaml, so that nobody keeps it up to date for nothing.",
    "Facts written into the text as words.",
    example="minimum_wage_2025 in facts.yaml alone",
)
FACT_OVERDUE: Final = Rule(
    "fact-overdue",
    Severity.BLOCK,
    "The fact {found} was to be checked again by {day}.",
    "Look it up, then set its value, seen_on and review_by anew.",
    "A value that changed before that day.",
    example="review_by: 2026-01-01 in facts.yaml",
)
SIGN_OFF_MISSING: Final = Rule(
    "sign-off-missing",
    Severity.NOTE,
    "The approval {found} hasn't been given; the pack stays a draft.",
    "Ask a person who can give it to read the pack.",
    "Whether an approval still holds for these very bytes; a release looks at that.",
    example="safety",
)
RULES: Final = (
    SOURCE_MISSING,
    SOURCE_UNCHECKED,
    JURISDICTION_MISMATCH,
    REVIEW_OVERDUE,
    DATES_IN_FUTURE,
    FACT_UNKNOWN,
    FACT_UNUSED,
    FACT_OVERDUE,
    SIGN_OFF_MISSING,
)

_PLACEHOLDER_LIKE: Final = re.compile(
    r"[{｛]\s*(?:facts?|hotlines?)\s*[:：][^{}｛｝\n]{0,60}[}｝]?", re.IGNORECASE
)


def check_sources(folder: PackFolder, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check that every article names sources that somebody has read."""
    for article in folder.pack.articles:
        if not article.sources:
            yield SOURCE_MISSING.at(article_place(folder, article, "sources"), article.id)
        for index, source in enumerate(article.sources):
            if source.to_check:
                place = article_place(folder, article, "sources", index, "to_check")
                yield SOURCE_UNCHECKED.at(place, f"{source.title}: {source.to_check}")
    for fact in folder.pack.facts.values():
        if fact.source.to_check:
            line = folder.facts.line_of((str(fact.id), "to_check"))
            found = f"{fact.source.title}: {fact.source.to_check}"
            yield SOURCE_UNCHECKED.at(Place(folder.facts.file, line), found)


def check_jurisdictions(folder: PackFolder, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check that no article holds for a place its pack doesn't name; `any` always fits."""
    named = {"any", *folder.pack.jurisdictions}
    for article in folder.pack.articles:
        for index, code in enumerate(article.jurisdictions):
            if code not in named:
                place = article_place(folder, article, "jurisdictions", index)
                yield JURISDICTION_MISMATCH.at(place, code)


def check_dates(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check that nothing is overdue and nothing was done on a day to come."""
    today, pack = surroundings.today, folder.pack
    if pack.issued > today:
        place = Place(folder.settings.file, folder.settings.line_of(("issued",)))
        yield DATES_IN_FUTURE.at(place, pack.issued.isoformat(), field="issued")
    for article in pack.articles:
        if article.review_by < today:
            place = article_place(folder, article, "review_by")
            yield REVIEW_OVERDUE.at(place, article.review_by.isoformat())
        if article.checked_on > today:
            place = article_place(folder, article, "checked_on")
            yield DATES_IN_FUTURE.at(place, article.checked_on.isoformat(), field="checked_on")
        for index, source in enumerate(article.sources):
            if source.seen_on and source.seen_on > today:
                place = article_place(folder, article, "sources", index, "seen_on")
                yield DATES_IN_FUTURE.at(place, source.seen_on.isoformat(), field="seen_on")


def check_facts(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check that facts are used, and that those in use are fresh."""
    today, facts = surroundings.today, folder.facts
    texts = [unit.text for article in folder.pack.articles for unit in article.units]
    texts += [folder.pack.title]
    texts += [
        line.text
        for article in folder.pack.articles
        for card in article.cards
        for line in card.lines
    ]
    used = {m[2] for text in texts for m in PLACEHOLDER.finditer(text) if m[1] == "fact"}
    for fact in folder.pack.facts.values():
        place = Place(facts.file, facts.line_of((str(fact.id),)))
        if fact.id not in used:
            yield FACT_UNUSED.at(place, fact.id)
        elif fact.review_by < today:
            yield FACT_OVERDUE.at(place, fact.id, day=fact.review_by.isoformat())
        day = fact.source.seen_on
        if day and day > today:
            place = Place(facts.file, facts.line_of((str(fact.id), "seen_on")))
            yield DATES_IN_FUTURE.at(place, day.isoformat(), field="seen_on")


def check_sign_offs(folder: PackFolder, _surroundings: Surroundings) -> Iterator[Finding]:
    """Note the approvals that a pack needs and that `approvals.yaml` doesn't hold.

    Every pack needs one for safety, every pack for readers one by a reader from the North.
    """
    given = {approval.kind for approval in _approvals_of(folder)}
    place = Place(folder.settings.file, folder.settings.line_of(("sign_offs",)))
    for kind in folder.pack.needed_sign_offs:
        if kind not in given:
            yield SIGN_OFF_MISSING.at(place, str(kind))


def check_placeholders(stretch: Stretch, surroundings: Surroundings) -> Iterator[Finding]:
    """Check that every placeholder is well written and stands for something."""
    facts = stretch.pack.facts if stretch.pack else {}
    for match in _PLACEHOLDER_LIKE.finditer(stretch.raw):
        exact = PLACEHOLDER.fullmatch(match[0])
        known = exact and (
            exact[2] in facts if exact[1] == "fact" else exact[2] in surroundings.library.hotlines
        )
        if not known:
            yield FACT_UNKNOWN.at(stretch.place(match.start()), match[0])


def check_hotlines(library: Library, today: date) -> Iterator[Finding]:
    """Check that the public numbers were read somewhere, and no day of theirs is yet to come."""
    for hotline in library.hotlines.values():
        place = Place(HOTLINES_FILE)
        if hotline.source.to_check:
            found = f"{hotline.id}: {hotline.source.title}: {hotline.source.to_check}"
            yield SOURCE_UNCHECKED.at(place, found)
        days = (("dialled_on", hotline.dialled_on), ("seen_on", hotline.source.seen_on))
        for field, day in days:
            if day and day > today:
                found = day.isoformat()
                yield DATES_IN_FUTURE.at(place, found, field=f"{hotline.id}: {field}")


def _approvals_of(folder: PackFolder) -> tuple[Approval, ...]:
    """Return a pack's approvals; a file that can't be read holds none."""
    try:
        return read_approvals(folder)
    except SourceError:
        return ()


STRETCH_CHECKS: Final = (check_placeholders,)
FOLDER_CHECKS: Final = (
    check_sources,
    check_jurisdictions,
    check_dates,
    check_facts,
    check_sign_offs,
)
LIBRARY_CHECKS: Final = (check_hotlines,)
