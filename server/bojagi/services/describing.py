"""What a request changes, in plain words, worked out on the machine it is signed on.

Nothing here believes whoever prepared the request. What is new is compared with metadata that was
signed before; titles, exposures and dates are read from the very bytes that the signature would
vouch for; and a request of a shape that this program never makes is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, TargetFile, Targets

from bojagi.building.policy_words import AUDIENCES, EXPOSURES
from bojagi.building.withdrawal_words import REASONS
from bojagi.building.words import Words, mark
from bojagi.domain.edition import Edition, EditionArticle
from bojagi.domain.verdicts import TrustError
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import AnotherKeyError, GateError, InvalidValueError
from bojagi.trust.demo import is_demo
from bojagi.trust.keys import fingerprint
from bojagi.trust.plan import WITHDRAWALS
from bojagi.trust.rules import require_signatures
from bojagi.trust.shelf_key import ShelfKey, opened_form
from bojagi.trust.signing import Request
from bojagi.trust.verifier import REASON, REVIEW_BY, VERSION

FIRST_ROOT: Final = mark("ROOT 1, the first: compare every key below with its owner.")
NEXT_ROOT: Final = mark("ROOT {version}: who may sign for this shelf.")
NEXT_TARGETS: Final = mark("TARGETS {version}: which publishers there are.")
SAME_LONGER: Final = mark(
    "{role} {version}: nothing in it changes; it is signed anew, until {day}."
)
NOTHING_YET: Final = mark("{role} {version}: nothing in it yet; until {day}.")
DEMO: Final = mark("DEMO KEYS: everybody has them. Whatever they sign proves nothing.")
THRESHOLD: Final = mark("{role}: {threshold} of {count} keys must sign")
KEY: Final = mark("  key {fingerprint}")
KEY_NEW: Final = mark("  NEW key {fingerprint}")
KEY_GONE: Final = mark("  GONE: key {fingerprint}")
EDITION_NEW: Final = mark("NEW {path}: {title} ({locale}), version {version}")
EDITION_CHANGED: Final = mark("CHANGED {path}: {title} ({locale}), version {before} to {version}")
DIGEST: Final = mark("  SHA-256 {digest}")
SIGNS: Final = mark("The key {key} signs: {roles}")
ASK: Final = mark("Shelf {shelf}. Is this what you want to sign? Type 'yes': ")
NOTHING: Final = mark("Nothing was signed.")
ABOUT: Final = mark("Shelf {shelf}: this is what signing it changes.")
EDITION_GONE: Final = mark("GONE {path}: no longer published")
EXPOSURE_LINE: Final = mark("  exposure: {exposure}; written for: {audience}; check by {day}")
ARTICLE_NEW: Final = mark("  new article {number}: {title}")
ARTICLE_CHANGED: Final = mark("  changed article {number}: {title}")
ARTICLE_GONE: Final = mark("  gone: article {number}: {title}")
ONLY_AROUND: Final = mark("  no article changed; title, note or dates did")
CALLED_BACK: Final = mark("CALLED BACK for ever: {digest} ({reason})")
GIVEN_BACK: Final = mark("NO LONGER CALLED BACK: {digest}. Don't sign this unless you know why.")


def describe(request: Request, words: Words, key: ShelfKey | None) -> list[str]:
    """Say what signing a request changes, a line each.

    Args:
        request: what is to be signed.
        words: of the signer's locale.
        key: the shelf's key, where the shelf is sealed.

    Raises:
        GateError: when the request isn't what this program makes, or hides what it changes.
        AnotherKeyError: when the shelf was sealed under another key.
    """
    _require_known(request)
    lines: list[str] = [words(ABOUT, shelf=request.shelf)]
    for name, role in request.roles.items():
        fresh, known = role.signed, request.known_signed(name)
        if isinstance(fresh, Root):
            found = list(_root_lines(fresh, known, words))
        elif name == "targets":
            found = list(_targets_lines(fresh, known, words))
        elif name == WITHDRAWALS:
            found = list(_withdrawal_lines(fresh, known, words))
        else:
            found = list(_edition_lines(request, fresh, known, words, key))
        if not found:
            day = words.day(fresh.expires.date())
            message = NOTHING_YET if known is None else SAME_LONGER
            found = [words(message, role=name, version=fresh.version, day=day)]
        lines += found
    return lines


def _require_known(request: Request) -> None:
    """Believe what the request says stands now only as far as it is signed by those it names."""
    try:
        root = request.known_signed("root")
        for name, data in request.known.items():
            metadata: Metadata[Any] = Metadata.from_bytes(data)
            vouching = root if name in {"root", "targets"} else request.known_signed("targets")
            if vouching is None:
                raise GateError(f"the request says that {name} was signed, and not by whom")
            require_signatures(vouching, name, metadata)
    except (TrustError, RepositoryError) as error:
        raise GateError(
            "what the request says stands now wasn't signed by those it names"
        ) from error
    for name, role in request.roles.items():
        known = request.known_signed(name)
        if role.signed.version != (known.version + 1 if known else 1):
            raise GateError(f"{name} {role.signed.version} doesn't follow what stands now")


def _root_lines(fresh: Root, known: Root | None, words: Words) -> Iterator[str]:
    if known is not None and _keys_of(fresh) == _keys_of(known):
        return
    yield words(NEXT_ROOT, version=fresh.version) if known else words(FIRST_ROOT)
    if is_demo(fresh):
        yield words(DEMO)
    for name, role in sorted(fresh.roles.items()):
        before = set(known.roles[name].keyids) if known else set(role.keyids)
        yield words(THRESHOLD, role=name, threshold=role.threshold, count=len(role.keyids))
        yield from _key_lines(role.keyids, before, words)


def _targets_lines(fresh: Targets, known: Targets | None, words: Words) -> Iterator[str]:
    delegations = fresh.delegations
    roles = dict(delegations.roles or {}) if delegations else {}
    before = dict(known.delegations.roles or {}) if known and known.delegations else {}
    if fresh.targets or not roles:
        raise GateError("targets that vouch for editions themselves: this program makes none")
    for name, role in roles.items():
        expected = f"{WITHDRAWALS}/*" if name == WITHDRAWALS else f"{name.replace('-', '/')}/*"
        if not role.terminating or role.paths != [expected]:
            raise GateError(
                f"{name} could sign what isn't its own; this program makes no such role"
            )
    if {name: role.to_dict() for name, role in roles.items()} == {
        name: role.to_dict() for name, role in before.items()
    }:
        return
    yield words(NEXT_TARGETS, version=fresh.version)
    for name in dict.fromkeys((*roles, *before)):
        ids = roles[name].keyids if name in roles else []
        known_ids = set(before[name].keyids) if name in before else set()
        if name in roles:
            threshold = roles[name].threshold
            yield words(THRESHOLD, role=name, threshold=threshold, count=len(ids))
        yield from _key_lines(ids, known_ids, words)


def _key_lines(ids: list[str], before: set[str], words: Words) -> Iterator[str]:
    for key_id in ids:
        message = KEY if key_id in before else KEY_NEW
        yield words(message, fingerprint=fingerprint(key_id))
    for key_id in sorted(before - set(ids)):
        yield words(KEY_GONE, fingerprint=fingerprint(key_id))


def _withdrawal_lines(fresh: Targets, known: Targets | None, words: Words) -> Iterator[str]:
    before = known.targets if known else {}
    for path, info in sorted(fresh.targets.items()):
        digest = path.removeprefix(f"{WITHDRAWALS}/")
        if path not in before:
            code = str((info.custom or {}).get(REASON, ""))
            reason = WithdrawalReason.from_code(code)
            said = words(REASONS[reason]) if reason else code
            yield words(CALLED_BACK, digest=digest[:16], reason=said)
    for path in sorted(set(before) - set(fresh.targets)):
        yield words(GIVEN_BACK, digest=path.removeprefix(f"{WITHDRAWALS}/")[:16])


def _edition_lines(
    request: Request, fresh: Targets, known: Targets | None, words: Words, key: ShelfKey | None
) -> Iterator[str]:
    if fresh.delegations is not None:
        raise GateError("a publisher that lets others sign: this program makes no such role")
    before = known.targets if known else {}
    for path, info in sorted(fresh.targets.items()):
        old = before.get(path)
        if old == info:
            continue
        edition = _edition(request, info, key)
        _require_custom(path, info, edition)
        named = {"path": path, "title": edition.title, "locale": str(edition.locale)}
        if old is None:
            yield words(EDITION_NEW, **named, version=edition.version)
        else:
            was = int((old.custom or {}).get(VERSION, 0))
            yield words(EDITION_CHANGED, **named, before=was, version=edition.version)
        yield words(
            EXPOSURE_LINE,
            exposure=words(EXPOSURES[edition.exposure]),
            audience=words(AUDIENCES[edition.audience]),
            day=words.day(edition.review_by),
        )
        yield words(DIGEST, digest=edition.digest)
        earlier = _earlier(request, old, key) if old else None
        yield from _article_lines(edition, earlier, words)
    for path in sorted(set(before) - set(fresh.targets)):
        yield words(EDITION_GONE, path=path)


def _edition(request: Request, info: TargetFile, key: ShelfKey | None) -> Edition:
    content = request.contents.get(info.hashes.get("sha256", ""))
    if content is None or len(content) != info.length:
        raise GateError(f"the request doesn't hold the bytes of {info.path} that it asks for")
    try:
        return Edition.from_bytes(opened_form(content, key))
    except (InvalidValueError, TrustError) as error:
        raise GateError(
            f"{info.path} can't be read: it is no edition, or sealed and the shelf's key is missing"
        ) from error


def _earlier(request: Request, info: TargetFile, key: ShelfKey | None) -> Edition | None:
    """Return what is replaced; None after a new shelf key: all of the edition counts as new."""
    try:
        return _edition(request, info, key)
    except AnotherKeyError:
        return None


def _require_custom(path: str, info: TargetFile, edition: Edition) -> None:
    """Refuse an edition whose signed day, version or place says other than it says itself."""
    custom = info.custom or {}
    expected = {REVIEW_BY: edition.review_by.isoformat(), VERSION: edition.version}
    if custom != expected or path.rpartition("/")[2] != str(edition.pack):
        raise GateError(f"{path} would be signed with another day, version or number than its own")


def _article_lines(edition: Edition, earlier: Edition | None, words: Words) -> Iterator[str]:
    now, before = _by_number(edition), _by_number(earlier)
    changed = False
    for number, article in now.items():
        if article != before.get(number):
            changed = True
            message = ARTICLE_CHANGED if number in before else ARTICLE_NEW
            yield words(message, number=number, title=article.title)
    for number, article in before.items():
        if number not in now:
            changed = True
            yield words(ARTICLE_GONE, number=number, title=article.title)
    if not changed:
        yield words(ONLY_AROUND)


def _by_number(edition: Edition | None) -> Mapping[int, EditionArticle]:
    return {article.number: article for article in edition.articles} if edition else {}


def _keys_of(root: Root) -> Mapping[str, tuple[int, frozenset[str]]]:
    return {name: (role.threshold, frozenset(role.keyids)) for name, role in root.roles.items()}
