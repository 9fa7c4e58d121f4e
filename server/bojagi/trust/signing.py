"""What is signed, and putting signatures to it: small files that travel on a stick.

A request holds the metadata that waits for signatures, byte for byte as it will be signed, with
what it replaces and the editions it vouches for, so that the machine it is signed on can itself
tell what it changes and need not believe whoever prepared it. What comes back is only signatures.
Finishing counts them against the keys that are trusted now, and refuses what lacks its threshold.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import TOP_LEVEL_ROLE_NAMES, Metadata, Root, Targets
from tuf.api.serialization.json import JSONSerializer

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import InvalidValueError
from bojagi.trust.rules import require_signatures, verify_signature

REQUEST: Final = "bojagi-request/1"
SIGNATURES: Final = "bojagi-signatures/1"

AnyMetadata = Metadata[Any]


@dataclass(frozen=True)
class Request:
    """Metadata that waits for signatures.

    Attributes:
        shelf: the code of the shelf.
        roles: unsigned metadata by role name.
        known: the signed metadata that counts now: root and targets, and each role that is
        replaced. contents: editions, new and replaced ones, by the SHA-256 of their bytes, as they
        are
            published: sealed where the shelf is sealed.
    """

    shelf: str
    roles: Mapping[str, AnyMetadata]
    known: Mapping[str, bytes] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the request as a file."""
        fields = {
            "format": REQUEST,
            "shelf": self.shelf,
            "roles": {name: role.to_dict()["signed"] for name, role in self.roles.items()},
            "known": {name: data.decode("utf-8") for name, data in self.known.items()},
            "contents": [
                base64.b64encode(content).decode("ascii")
                for _, content in sorted(self.contents.items())
            ],
        }
        return json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Request:
        """Read a request's file; raises `InvalidValueError` when it isn't one."""
        fields = _fields(raw, REQUEST)
        try:
            roles = {
                name: Metadata.from_dict({"signed": signed, "signatures": []})
                for name, signed in sorted(fields["roles"].items(), key=_rank)
            }
            known = {name: text.encode("utf-8") for name, text in fields["known"].items()}
            contents = [base64.b64decode(text, validate=True) for text in fields["contents"]]
            by_digest = {sha256(content).hexdigest(): content for content in contents}
            request = cls(str(fields["shelf"]), roles, known, by_digest)
        except (
            *(KeyError, TypeError, ValueError, AttributeError),
            *(RepositoryError, binascii.Error),
        ) as error:
            raise InvalidValueError(
                "request", "this file", "what 'release prepare' wrote"
            ) from error
        for name, role in roles.items():
            kind = name if name in TOP_LEVEL_ROLE_NAMES else Targets.type
            if role.signed.type != kind:  # a root under a publisher's name, signed unawares
                raise InvalidValueError(f"kind of {name}", role.signed.type, kind)
        return request

    def known_signed(self, role: str) -> Any | None:  # noqa: ANN401 - a role is of its own kind
        """Return what a role says now, or None when there is none.

        Raises:
            InvalidValueError: when it isn't metadata.
        """
        if role not in self.known:
            return None
        try:
            return Metadata.from_bytes(self.known[role]).signed
        except (RepositoryError, ValueError) as error:
            raise InvalidValueError(f"known {role}", "this", "signed metadata") from error

    def delegator(self, role: str) -> Root | Targets | None:
        """Return what will vouch for a role once the request is finished."""
        vouching = Root.type if role in {Root.type, Targets.type} else Targets.type
        fresh = self.roles.get(vouching)
        found: Root | Targets | None = fresh.signed if fresh else self.known_signed(vouching)
        return found

    def roles_of(self, key_id: str) -> list[str]:
        """Return the roles a key has a say in, by the rules that will hold or that hold now."""
        names = []
        for name in self.roles:
            vouching = [self.delegator(name)]
            if name == Root.type:
                vouching.append(self.known_signed(Root.type))
            if any(key_id in _key_ids(each, name) for each in vouching if each is not None):
                names.append(name)
        return names


def is_request(raw: bytes) -> bool:
    """Whether a file is a request, and so holds no signature."""
    try:
        return bool(json.loads(raw)["format"] == REQUEST)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def sign(request: Request, signer: CryptoSigner) -> bytes:
    """Sign every role of a request that the key has a say in.

    Returns:
        The file of signatures that goes back.
    """
    names = request.roles_of(signer.public_key.keyid)
    made = {name: signer.sign(request.roles[name].signed_bytes) for name in names}
    fields = {
        "format": SIGNATURES,
        "shelf": request.shelf,
        "key": signer.public_key.keyid,
        "signatures": {name: signature.signature for name, signature in made.items()},
    }
    return json.dumps(fields, indent=1, sort_keys=True).encode("utf-8")


def finish(
    request: Request,
    files: Iterable[bytes],
    trusted_root: Root | None,
    trusted_targets: Targets | None,
) -> dict[str, bytes]:
    """Put signatures to a request's roles and make sure that each has its threshold.

    A signature that isn't one, or is by a key without a say, is left out: it takes no good one's
    place.

    Args:
        request: what was to be signed.
        files: the files of signatures that came back.
        trusted_root: the root that clients trust now; None for the first one.
        trusted_targets: the targets that delegate now; those of the request go first.

    Returns:
        Signed metadata by role name.

    Raises:
        TrustError: naming every role that lacks signatures.
        InvalidValueError: for a file of signatures that isn't one, or of another shelf, and for a
            root that isn't the next one.
    """
    offered = [signature for raw in files for signature in _signatures(raw, request.shelf)]
    new_root = request.roles.get(Root.type)
    root = new_root.signed if new_root else trusted_root
    new_targets = request.roles.get(Targets.type)
    targets = new_targets.signed if new_targets else trusted_targets
    signed: dict[str, bytes] = {}
    lacking: list[str] = []
    for name, role in request.roles.items():
        delegators = [root if name in {Root.type, Targets.type} else targets]
        if name == Root.type and trusted_root is not None:
            _require_next(trusted_root, role.signed)
            delegators.append(trusted_root)
        for delegator in delegators:
            if delegator is None:
                raise TrustError(Verdict.NOT_OURS, f"nobody vouches for {name}")
            for at, signature in offered:
                if at == name:
                    _put(role, signature, delegator, name)
        for delegator in delegators:
            assert delegator is not None  # noqa: S101 - the loop before refused it
            lacking += _lacking(delegator, name, role)
        signed[name] = role.to_bytes(JSONSerializer(compact=True))
    if lacking:
        raise TrustError(Verdict.NOT_OURS, "; ".join(dict.fromkeys(lacking)))
    return signed


def _lacking(delegator: Root | Targets, name: str, role: AnyMetadata) -> list[str]:
    try:
        require_signatures(delegator, name, role)
    except TrustError as error:
        return [error.reason]
    return []


def _rank(item: tuple[str, Any]) -> tuple[int, str]:
    """Order roles as trust goes: who may sign at all, then which publishers, then the rest."""
    first = (Root.type, Targets.type)
    return (first.index(item[0]) if item[0] in first else len(first), item[0])


def _signatures(raw: bytes, shelf: str) -> Iterable[tuple[str, Signature]]:
    fields = _fields(raw, SIGNATURES)
    if fields.get("shelf") != shelf:
        raise InvalidValueError("shelf", fields.get("shelf"), shelf)
    key, made = fields.get("key"), fields.get("signatures")
    if not isinstance(key, str) or not isinstance(made, dict):
        raise InvalidValueError("file of signatures", "this one", "what 'bojagi sign' wrote")
    return [(name, Signature(key, str(value))) for name, value in made.items()]


def _put(role: AnyMetadata, signature: Signature, delegator: Root | Targets, name: str) -> None:
    """Put a signature to a role, if it is one by a key that has a say."""
    if signature.keyid not in _key_ids(delegator, name):
        return
    key = delegator.get_key(signature.keyid)
    if verify_signature(key, signature, role.signed_bytes):
        role.signatures[signature.keyid] = signature


def _key_ids(delegator: Root | Targets, role: str) -> set[str]:
    try:
        return set(delegator.get_delegated_role(role).keyids)
    except ValueError:
        return set()


def _require_next(trusted: Root, fresh: Root) -> None:
    """Clients go from root to root by one; any other would lock them out (section 5.3.5)."""
    if fresh.version != trusted.version + 1:
        raise InvalidValueError("root version", fresh.version, str(trusted.version + 1))


def _fields(raw: bytes, expected: str) -> dict[str, Any]:
    try:
        fields = json.loads(raw)
        if fields["format"] != expected:
            raise InvalidValueError("format", fields["format"], expected)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidValueError("file", "this one", f"a file of {expected}") from error
    return dict(fields)
