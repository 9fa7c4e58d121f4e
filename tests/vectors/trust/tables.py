"""Vectors that are no stories: canonical JSON, path patterns, sealing, chains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from typing import Any, Final
from unicodedata import normalize

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Signature, SSlibKey
from tests.vectors.trust.contents import parts_of
from tests.vectors.trust.replaying import Case
from tuf.api.metadata import DelegatedRole, SuccinctRoles

from bojagi.domain.verdicts import TrustError
from bojagi.errors import AnotherKeyError
from bojagi.trust.chain import chain_name, parse_chain
from bojagi.trust.rules import verify_signature
from bojagi.trust.sealing import (
    open_sealed,
    open_with_passphrase,
    seal,
    seal_with_passphrase,
)

DAMAGED: Final = "DAMAGED"

JSON_TEXTS: Final = (
    b"{}", b"[]", b'""', b"0", b"-0", b"-1", b"true", b"null", b" [ 1 , 2 ]\n",
    b"9007199254740991", b"-9007199254740991", b"1.0", b"1e3", b"1E-2", b"-0.0", b"NaN",
    b"-Infinity",
    b'{"b":1,"a":2}', b'{"a":1,"a":2}', b'{"a":1,"b":2,"a":{"c":3}}', b'{"10":1,"9":2,"1":3}',
    b'{"__proto__":{"a":1},"constructor":2,"toString":3}', b'{"":1}',
    '{"\ufffd":1,"😀":2,"가":3,"a":4}'.encode(), '{"\uff5e":1,"\U00010000":2,"\ue000":3}'.encode(),
    '["각","각"]'.encode(), rb'["\uac00","\ud83d\ude00","\u0000\n\t\/\b\f\r\\\""]',
    rb'["\ud83d"]', rb'["\ude00\ud83d"]', rb'{"\ud83d":1}', '["\x7f\x80\u2028\u2029"]'.encode(),
    b"", b" ", b"{", b"[1,]", b"[,1]", b'{"a"}', b'{"a":}', b'{"a":1,}', b"{a:1}", b"{'a':1}",
    b"01", b"1.", b".5", b"+1", b"-", b"1e", b"0x1", b"tru", b"nulll", b"True", b"[1] 2", b"[1]]",
    b'"', b'"\\"', b'"\\x41"', b'"\\u12"', b'"\\u12g4"', b'"\n"', b'"\x00"', b'"\\\n"', b"// a\n1",
    b"\xef\xbb\xbf{}", b"\xff", b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"',
    b'"\xea\xb0"',
    b"\xfe\xff\x00{\x00}", b"[1]\x00", b"\x0b1", b"\xc2\xa01", b"[" * 60 + b"]" * 60,
    b"[" * 100_000,
    b'{"a":' * 100_000, b'["' + b"a" * 200_000 + b'"]', b'["' + b"\\\\" * 100_000 + b'"]',
    b"9" * 5_000,
)  # fmt: skip


def canonical() -> Iterator[Case]:
    """Yield texts of JSON with the canonical form that securesystemslib gives them."""
    for raw in JSON_TEXTS:
        try:
            written = encode_canonical(json.loads(raw.decode("utf-8")))
            assert written is not None
            gives: Any = {"canonical": parts_of(written.encode("utf-8"))}
        except Exception:  # noqa: BLE001 - whatever python-tuf's own reader would meet
            gives = DAMAGED
        yield {"raw": parts_of(raw), "gives": gives}


PATTERNS: Final = (
    "*", "1/0/*", "1/*/7", "*/*/*", "1/0/7", "w/*", "", "/", "1/0/", "?", "?/0/7", "1/0/??", "*7*",
    "1/0/*7", "1/0/[0-9]", "1/0/[!0-9]", "1/0/[]7]", "1/0/[!]7]", "1/0/[", "1/0/[7", "1/0/[7-]",
    "1/0/[-7]", "1/0/[9-0]", "1/0/[!9-0]", "1/0/[a-c-e]", "1/0/[가-힣]", "1/0/[^7]", "1/0/\\7",
    "1/0/.",
    "1/0/a*b*c", "1/0/**", "1/0/[--a]", "1/0/[a--]", "1/0/[&&7||~~]", "1/0/{7,8}", "😀",
    "1/0/[😀-😂]",
)  # fmt: skip
PATHS: Final = (
    "", "/", "1", "7", "1/0/7", "1/0/8", "1/0/77", "1/0/", "1/0/]", "1/0/-", "1/0/[", "1/0/[7",
    "1/0/^",
    "1/0/가", "1/0/a", "1/0/b", "1/0/d", "1/0/e", "1/0/\\7", "1/0/.", "1/0/axbxc", "1/0/axbxcx",
    "1//7",
    "1/00/7", "1/0/7/8", "/1/0/7", "1/0/a\nb", "w/x", "😀", "😁", "1/0/😁", "1/0/&", "1/0/|",
    "1/0/{7,8}",
)  # fmt: skip


def patterns() -> Iterator[Case]:
    """Yield patterns with the paths that python-tuf finds in them."""
    for pattern in PATTERNS:
        role = DelegatedRole("a", [], 1, terminating=False, paths=[pattern])
        yield {
            "pattern": pattern,
            "gives": [path for path in PATHS if role.is_delegated_path(path)],
        }


def bins() -> Iterator[Case]:
    """Yield delegations by hash: prefixes, and bins of one common prefix."""
    for prefixes in (
        ["0", "1"],
        ["ab", "6"],
        [""],
        [],
        ["E3"],
        ["e3b0c44298fc1c149afbf4c8996fb924"],
    ):
        role = DelegatedRole("a", [], 1, terminating=False, path_hash_prefixes=prefixes)
        found = [path for path in PATHS if role.is_delegated_path(path)]
        yield {"prefixes": prefixes, "gives": found}
    for bits in (1, 4, 7, 8, 10, 31, 32):
        succinct = SuccinctRoles([], 1, bits, "가-b")
        yield {"bits": bits, "gives": [succinct.get_role_for_target(path) for path in PATHS]}


SECRETS: Final = (b"0123456789abcdef", b"0123456789abcdef0123456789abcdef")
LIMIT: Final = 100_000


def sealing() -> Iterator[Case]:
    """Yield sealed bytes, whole and bent, with what opens."""
    text = "무연고 로동자".encode()
    for secret, content in product(SECRETS, (b"", text, bytes(range(256)) * 40)):
        yield _opened(f"{len(content)} bytes", seal(content, secret), secret)
    secret = SECRETS[0]
    whole = seal(text, secret)
    yield _opened("at its limit", seal(bytes(LIMIT), secret), secret)
    yield _opened("over its limit", seal(bytes(LIMIT + 1), secret), secret)
    yield _opened("a bomb", seal(bytes(3_000_000), secret), secret)
    yield _opened("under another key", whole, SECRETS[1])
    yield _opened("by a passphrase's rules", b"\x02" + bytes(16) + whole, secret)
    for at in (0, 1, 8, 9, 40, 41, 60, len(whole) - 1):
        bent = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        yield _opened(f"byte {at} bent", bent, secret)
    for size in (0, 1, 40, 41, 57, 4095):
        yield _opened(f"cut to {size} bytes", whole[:size], secret)
    yield _opened("doubled", whole * 2, secret)
    yield _opened("a byte more", whole + b"\x00", secret)
    by_words = seal_with_passphrase(text, "보자기에 싼 책", bytes(range(16)))
    yield _opened("by words", by_words, "보자기에 싼 책")
    yield _opened("by words, decomposed", by_words, normalize("NFD", "보자기에 싼 책"))
    yield _opened("by other words", by_words, "보자기에 싼 떡")
    yield _opened("by words, a key's rules", whole, "보자기에 싼 책")
    yield _opened("by words, cut", by_words[:-1], "보자기에 싼 책")


def _opened(name: str, sealed: bytes, key: bytes | str) -> Case:
    try:
        opening = open_sealed if isinstance(key, bytes) else open_with_passphrase
        content = opening(sealed, key, LIMIT)  # type: ignore[arg-type]  # each with its own key
        gives: Any = {"sha256": sha256(content).hexdigest(), "length": len(content)}
    except TrustError as error:
        gives = error.verdict.name
    except AnotherKeyError:
        gives = "ANOTHER_KEY"
    by = {"secret": key.hex()} if isinstance(key, bytes) else {"passphrase": key}
    return {"name": name, "sealed": parts_of(sealed), **by, "limit": LIMIT, "gives": gives}


def chains() -> Iterator[Case]:
    """Yield chains, whole and bent, with the files they hold."""
    line = b'2.root.json {"signed":{}}\n'
    for raw in (
        line, line + b"17.1-0.json {}\n", b"1.a.json  two spaces\n", b"1.a.json \n",
        b"1.a.json \xff\xfe\r\n", "1.a.json 가\n".encode(), b"1.__proto__.json {}\n",
        b"1.constructor.json {}\n",
        b"", b"\n", line[:-1], line + b"\n", b"\n" + line, line + line, b"2.root.json\n", b" {}\n",
        b"a.root.json {}\n", b"2.Root.json {}\n", b"2.root.json.json {}\n", b"2..json {}\n",
        b"timestamp.json {}\n",
        b"../2.root.json {}\n", b"2.root.jsonx {}\n", b"x2.root.json {}\n", b"2.root.json\t{}\n",
        "２.root.json {}\n".encode(), b"2.ro\x00t.json {}\n", b"0.-.json {}\n",
        line + b"3.root.json {}",
        b"".join(b"%d.a.json {}\n" % number for number in range(1000)),
        b"".join(b"%d.a.json {}\n" % number for number in range(1001)),
        b"1.a.json " + b"x" * (8 * 1024 * 1024 - 10) + b"\n",
        b"1.a.json " + b"x" * (8 * 1024 * 1024 - 9) + b"\n",
    ):  # fmt: skip
        try:
            gives: Any = {name: sha256(data).hexdigest() for name, data in parse_chain(raw).items()}
        except TrustError as error:
            gives = error.verdict.name
        if isinstance(gives, dict) and len(gives) > 9:
            gives = len(gives)
        yield {"raw": parts_of(raw), "gives": gives}


def chain_names() -> Iterator[Case]:
    """Yield timestamps that nobody signed, with what they call their chain."""
    for raw in (
        b'{"signed":{"chain":"3.17"}}', b'{"signed":{"chain":"0.0"}}',
        b'{"signed":{"chain":"999999999.1"}}',
        b'{"signed":{"chain":"1000000000.1"}}', b'{"signed":{"chain":"3.17","chain":"4.18"}}',
        b'{"signed":{"chain":"3.17 "}}', b'{"signed":{"chain":"3.17\\n"}}',
        b'{"signed":{"chain":"../1.2"}}',
        b'{"signed":{"chain":"3"}}', b'{"signed":{"chain":3.17}}', b'{"signed":{"chain":null}}',
        b'{"signed":{}}',
        b'{"signed":["chain"]}', b'{"signed":"chain"}', b"[]", b"null", b"", b"\xff",
        b"[" * 100_000,
        '{"signed":{"chain":"３.17"}}'.encode(),
    ):  # fmt: skip
        yield {"raw": parts_of(raw), "gives": chain_name(raw)}


ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519 (RFC 8032, 5.1)."""
SMALL: Final = (
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
    "01" + "00" * 30 + "80",
)
"""Points of small order, and other ways to write them."""


def signatures() -> Iterator[Case]:
    """Yield signatures, true, bent and rubbish, with whether Python takes them."""
    private = Ed25519PrivateKey.from_private_bytes(sha256("보자기".encode()).digest())
    public = private.public_key().public_bytes_raw().hex()
    signed = "무엇이든"
    made = private.sign(signed.encode("utf-8"))
    r, s = made[:32], int.from_bytes(made[32:], "little")

    def with_s(number: int) -> str:
        return (r + number.to_bytes(32, "little")).hex()

    true = made.hex()
    rows: list[tuple[str, str, Any, str]] = [
        ("true", public, true, signed),
        ("upper case", public.upper(), true.upper(), signed),
        ("spaced", f" {public[:2]} {public[2:]}\n", f"{true[:64]}\t {true[64:]}", signed),
        ("spaced within", public, f"{true[:1]} {true[1:]}", signed),
        ("spaced otherwise", public, f"{true[:2]}\u00a0{true[2:]}", signed),
        ("of other bytes", public, true, f"{signed} "),
        ("of nothing", public, private.sign(b"").hex(), ""),
        ("its second form", public, with_s(s + ORDER), signed),
        ("S is the order", public, with_s(ORDER), signed),
        ("S is 0", public, with_s(0), signed),
        ("S is as large as it gets", public, with_s(2**256 - 1), signed),
        ("R bent", public, f"{'00' if true[:2] != '00' else '01'}{true[2:]}", signed),
        ("short", public, true[:-2], signed),
        ("long", public, f"{true}00", signed),
        ("half a byte", public, true[:-1], signed),
        ("empty", public, "", signed),
        ("no base 16", public, "서명 아님", signed),
        ("other digits", public, true[:-2] + "１２", signed),
        ("null", public, None, signed),
        ("a number", public, 5, signed),
        ("a list", public, [true], signed),
        ("a short key", public[:-2], true, signed),
        ("an empty key", "", true, signed),
        ("no key", "열쇠 아님", true, signed),
        ("a key that is no point", "02" + "00" * 31, true, signed),
    ]
    rows += [
        (f"small key {key[:4]}, small R {point[:4]}", key, f"{point}{'00' * 32}", signed)
        for key, point in product(SMALL, SMALL)
    ]
    for name, key, signature, text in rows:
        taken = verify_signature(
            SSlibKey("a", "ed25519", "ed25519", {"public": key}),
            Signature("a", signature),
            text.encode("utf-8"),
        )
        yield {"name": name, "key": key, "signature": signature, "signed": text, "gives": taken}
