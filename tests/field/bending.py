"""Repositories that somebody has bent, with what Python says of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

from securesystemslib.exceptions import FormatError
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner
from tests.trust.shelf import BUILT, DAY
from tests.vectors.trust.contents import Contents
from tests.vectors.trust.recording import counted_keys
from tests.vectors.trust.replaying import Case, replay_report, text_from_time
from tests.vectors.trust.scenes import Place, make_place

Files = dict[str, bytes]
Rows = list[dict[str, Any]]

ODD_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2, 1.5, 2**53, "", "1", "x", "\ud800", [], ["a"], ["a",
    "a"], [1], {}, {"a": 1},
)  # fmt: skip
GONE: Final = object()
CRASHED: Final = "CRASHED"


def bent_repositories(count: int, bends: tuple[Bend, ...]) -> tuple[list[Case], Rows]:
    """Bend a signed repository `count` times; return cases, and the table of their contents."""
    with counted_keys():
        place = make_place()
        place.call_back("1/1/1", "wrong")
        place.put()
    random = Random(20261123)  # noqa: S311 - the same bends every time
    contents = Contents()
    cases = []
    for number in range(count):
        files = dict(place.files)
        done = [random.choice(bends)(files, random) for _ in range(random.choice((1, 1, 1, 2)))]
        cases.append(case_of(f"{number}: {', '.join(done)}", place, files, contents))
    return cases, rows_of(contents)


def _flip(files: Files, random: Random) -> str:
    name = random.choice(sorted(name for name in files if files[name]))
    at = random.randrange(len(files[name]))
    bent = files[name][at] ^ (1 << random.randrange(8))
    files[name] = files[name][:at] + bytes([bent]) + files[name][at + 1 :]
    return f"bit flipped at {at} of {name}"


def _truncate(files: Files, random: Random) -> str:
    name = random.choice(sorted(files))
    files[name] = files[name][: random.randrange(len(files[name]) + 1)]
    return f"{name} cut to {len(files[name])}"


def _swap(files: Files, random: Random) -> str:
    one, other = random.sample(sorted(files), 2)
    files[one], files[other] = files[other], files[one]
    return f"{one} and {other} swapped"


def _double(files: Files, random: Random) -> str:
    name = random.choice(sorted(files))
    start = random.randrange(len(files[name]) + 1)
    end = start + random.randrange(60)
    files[name] = files[name][:end] + files[name][start:end] + files[name][end:]
    return f"{start} to {end} of {name} doubled"


def _rename(files: Files, random: Random) -> str:
    name = random.choice(sorted(files))
    new = name.replace("1.", "2.", 1) if random.random() < 0.5 else f"{name}.bak"
    files[new] = files.pop(name)
    return f"{name} renamed to {new}"


def _empty(files: Files, random: Random) -> str:
    name = random.choice(sorted(files))
    files[name] = b""
    return f"{name} emptied"


def _graft(files: Files, random: Random) -> str:
    """Set a field of metadata to a value of another place in it."""
    name = random.choice(sorted(name for name in files if name.startswith("metadata/")))
    try:
        fields = json.loads(files[name])
        places = list(_places(fields))
        path, (_, value) = random.choice(places), random.choice([_at(fields, p) for p in places])
    except (ValueError, IndexError, RecursionError):
        return _empty(files, random)
    files[name] = json.dumps(_with(fields, path, value)).encode()
    return f"{'/'.join(map(str, path))} of {name} grafted"


Bend = Callable[[Files, Random], str]
"""Bends one or two files, and says what it did."""

BYTES: Final[tuple[Bend, ...]] = (
    _flip, _flip, _flip, _truncate, _swap, _double, _rename, _empty,
)  # fmt: skip
GRAFTS: Final[tuple[Bend, ...]] = (_graft,)


def odd_fields(count: int) -> tuple[list[Case], Rows]:
    """Put an odd value into a field of a role, signed by the keys that may; `count` such cases."""
    with counted_keys():
        place = make_place()
    signers = {
        "2.root": place.root, "timestamp": [place.timestamp], "1.snapshot": [place.snapshot],
        "1.targets": place.targets, "1.1-0": place.publisher, "1.w": place.reviewer,
    }  # fmt: skip
    next_root = json.loads(place.files["metadata/1.root.json"])
    next_root["signed"]["version"] = 2
    odd = [
        (f"metadata/{name}.json", f"{name}: {where} is {what}", signed, by)
        for name, by in signers.items()
        for where, what, signed in _odd(
            (next_root if name == "2.root" else json.loads(place.files[f"metadata/{name}.json"]))[
                "signed"
            ]
        )
    ]
    contents = Contents()
    cases = [
        case_of(name, place, {**place.files, path: _signed(signed, by)}, contents)
        for path, name, signed, by in Random(20261123).sample(odd, count)  # noqa: S311
    ]
    return cases, rows_of(contents)


def _odd(signed: Any) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401 - JSON
    for path in _places(signed):
        where = "/".join(map(str, path))
        for value in (*ODD_VALUES, GONE):
            yield where, "gone" if value is GONE else repr(value), _with(signed, path, value)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, each in inside:
        yield (*path, name)
        yield from _places(each, (*path, name))


def _at(value: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:  # noqa: ANN401
    for name in path[:-1]:
        value = value[name]
    return value, value[path[-1]]


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:  # noqa: ANN401
    bent = copy.deepcopy(value)
    parent, _ = _at(bent, path)
    if new is GONE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = new
    return bent


def _signed(signed: Any, by: list[CryptoSigner]) -> bytes:  # noqa: ANN401
    try:
        written = str(encode_canonical(signed)).encode("utf-8")
    except (FormatError, UnicodeEncodeError):
        written = b"nothing that can be signed"
    made = [signer.sign(written) for signer in by]
    signatures = [{"keyid": each.keyid, "sig": each.signature} for each in made]
    return json.dumps({"signatures": signatures, "signed": signed}).encode()


def case_of(name: str, place: Place, files: Files, contents: Contents) -> Case:
    """Write files as the case of a report, with the verdicts that Python gives."""
    root = place.files["metadata/1.root.json"]
    case: Case = {
        "name": name,
        "clock": text_from_time(DAY),
        "built": BUILT.isoformat(),
        "memory": {"root": contents.put(root)},
        "withdrawn": {},
        "files": {path: contents.put(data) for path, data in files.items()},
    }
    try:
        report = replay_report(case, contents)["report"]
    except Exception as error:  # noqa: BLE001 - a bug is what we are looking for
        return {**case, "gives": [f"{CRASHED}: {error!r}"]}
    verdicts = [judgement[:2] for judgement in report["judgements"]]
    return {**case, "gives": [report["verdict"], *verdicts]}


def rows_of(contents: Contents) -> Rows:
    """Write a table of contents for the harness."""
    return [{"name": name, "parts": parts} for name, parts in contents.parts.items()]
