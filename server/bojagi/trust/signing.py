"""What is signed, and putting signatures to it: small files that travel on a stick.

A request holds the metadata that waits for signatures, byte for byte as it will be signed, and says
in plain words what it changes. A person signs on a machine without a network; what comes back is
only signatures. Finishing counts them against the keys that are trusted now, and refuses what lacks
its threshold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import TOP_LEVEL_ROLE_NAMES, Metadata, Root, Targets
from tuf.api.serialization.json import JSONSerializer

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.errors import InvalidValueError
from bojagi.trust.rules import require_signatures

REQUEST: Final = "bojagi-request/1"
SIGNATURES: Final = "bojagi-signatures/1"

AnyMetadata = Metadata[Any]


@dataclass(frozen=True)
class Request:
    """Metadata that waits for signatures.

    Attributes:
        shelf: the code of the shelf.
        roles: unsigned metadata by role name.
        says: what it changes, in plain words, a line each.
    """

    shelf: str
    roles: Mapping[str, AnyMetadata]
    says: Sequence[str]

    def to_bytes(self) -> bytes:
        """Write the request as a file."""
        fields = {
            "format": REQUEST,
            "shelf": self.shelf,
            "says": list(self.says),
            "roles": {name: role.to_dict()["signed"] for name, role in self.roles.items()},
        }
        return json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Request:
        """Read a request's file; raises `InvalidValueError` when it isn't one."""
        fields = _fields(raw, REQUEST)
        try:
            roles = {
                name: Metadata.from_dict({"signed": signed, "signatures": []})
                for name, signed in fields["roles"].items()
            }
            says = [str(line) for line in fields["says"]]
            request = cls(str(fields["shelf"]), roles, says)
        except (KeyError, TypeError, ValueError, AttributeError, RepositoryError) as error:
            raise InvalidValueError(
                "request", "this file", "what 'release prepare' wrote"
            ) from error
        for name, role in roles.items():
            kind = name if name in TOP_LEVEL_ROLE_NAMES else Targets.type
            if role.signed.type != kind:  # a root under a publisher's name, signed unawares
                raise InvalidValueError(f"kind of {name}", role.signed.type, kind)
        return request


def sign(request: Request, signer: CryptoSigner) -> bytes:
    """Sign every role of a request; which of them the key may sign is counted at the end.

    Returns:
        The file of signatures that goes back.
    """
    made = {name: signer.sign(role.signed_bytes) for name, role in request.roles.items()}
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

    Args:
        request: what was to be signed.
        files: the files of signatures that came back.
        trusted_root: the root that clients trust now; None for the first one.
        trusted_targets: the targets that delegate now; those of the request go first.

    Returns:
        Signed metadata by role name.

    Raises:
        TrustError: naming the role that lacks signatures.
        InvalidValueError: for a file of signatures that isn't one, or of another shelf, and for a
            root that isn't the next one.
    """
    for raw in files:
        fields = _fields(raw, SIGNATURES)
        if fields.get("shelf") != request.shelf:
            raise InvalidValueError("shelf", fields.get("shelf"), request.shelf)
        key, made = fields.get("key"), fields.get("signatures")
        if not isinstance(key, str) or not isinstance(made, dict):
            raise InvalidValueError("file of signatures", "this one", "what 'bojagi sign' wrote")
        for name, value in made.items():
            role = request.roles.get(name)
            if role is not None:
                role.signatures[key] = Signature(key, str(value))
    new_root = request.roles.get(Root.type)
    root = new_root.signed if new_root else trusted_root
    new_targets = request.roles.get(Targets.type)
    targets = new_targets.signed if new_targets else trusted_targets
    signed: dict[str, bytes] = {}
    for name, role in request.roles.items():
        delegator = root if name in {Root.type, Targets.type} else targets
        if name == Root.type and trusted_root is not None:
            _require_next(trusted_root, role.signed)
            require_signatures(trusted_root, name, role)
        if delegator is None:
            raise TrustError(Verdict.NOT_OURS, f"nobody vouches for {name}")
        require_signatures(delegator, name, role)
        _keep_only_its_own(delegator, trusted_root, name, role)
        signed[name] = role.to_bytes(JSONSerializer(compact=True))
    return signed


def _require_next(trusted: Root, fresh: Root) -> None:
    """Clients go from root to root by one; any other would lock them out (section 5.3.5)."""
    if fresh.version != trusted.version + 1:
        raise InvalidValueError("root version", fresh.version, str(trusted.version + 1))


def _keep_only_its_own(
    delegator: Root | Targets, trusted_root: Root | None, name: str, role: AnyMetadata
) -> None:
    """Drop signatures by keys that have no say in a role: they would only weigh and tell."""
    allowed = set(delegator.get_delegated_role(name).keyids)
    if name == Root.type and trusted_root is not None:
        allowed |= set(trusted_root.get_delegated_role(name).keyids)
    for key_id in [key_id for key_id in role.signatures if key_id not in allowed]:
        del role.signatures[key_id]


def _fields(raw: bytes, expected: str) -> dict[str, Any]:
    try:
        fields = json.loads(raw)
        if fields["format"] != expected:
            raise InvalidValueError("format", fields["format"], expected)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidValueError("file", "this one", f"a file of {expected}") from error
    return dict(fields)
