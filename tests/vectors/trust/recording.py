"""Recording what the stories do, at the seams where they meet the rules: `Client` and `verify`.

What always holds: a recording changes no answer; keys are made from a counter that begins anew with
every story, so that the same code always records the same bytes; only files that were asked for are
kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from itertools import count
from typing import Any, Final
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.vectors.trust.contents import Contents
from tests.vectors.trust.replaying import (
    Case,
    info_as_json,
    report_as_json,
    state_of,
    text_from_time,
)
from tuf.api.metadata import TargetFile

from bojagi.domain.verdicts import TrustError
from bojagi.trust.client import Client, Memory, Source
from bojagi.trust.rules import TrustedSet
from bojagi.trust.verifier import Report, verify

LEFT_OUT: Final = {
    "test_a_walk_of_many_delegations_is_bounded[500]": "as the shorter one, with 500 more keys",
}
"""Stories that add weight and no rule."""


class CountedKeys:
    """Stands where Ed25519 keys are made: the first of a story is always the same, and so on."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a story."""
        self.counter = count()

    def generate(self) -> Ed25519PrivateKey:
        """Make the next key."""
        seed = sha256(f"bojagi vectors {next(self.counter)}".encode()).digest()
        return Ed25519PrivateKey.from_private_bytes(seed)


@contextmanager
def counted_keys() -> Iterator[CountedKeys]:
    """Make every key that is generated a counted one."""
    keys = CountedKeys()
    with patch.object(Ed25519PrivateKey, "generate", keys.generate):
        yield keys


class RecordedSource:
    """A source between a story's and the rules; it keeps what was asked for, and what came."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.reads: list[str] = []
        self.files: dict[str, bytes] = {}

    def read(self, path: str, limit: int) -> bytes | None:
        """Read on, and keep it."""
        self.reads.append(f"{path} {limit}")
        try:
            data = self.source.read(path, limit)
        except TrustError:
            data = self.source.files[path]  # type: ignore[attr-defined]  # too long: as it lies there
            self._keep(path, data)
            raise
        if data is not None:
            self._keep(path, data)
        return data

    def _keep(self, path: str, data: bytes) -> None:
        assert self.files.setdefault(path, data) == data, f"{path} changed under one reading"


class RecordedMemory:
    """A memory between a story's and the rules."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.before: dict[str, bytes] = {}
        self.kept: dict[str, bytes] = {}
        self.withdrawn: dict[str, str] | None = None

    def recall(self, role: str) -> bytes | None:
        """Recall, and keep what was known before."""
        data = self.memory.recall(role)
        if data is not None and role not in self.kept:
            self.before.setdefault(role, data)
        return data

    def keep(self, role: str, data: bytes) -> None:
        """Keep, and note it."""
        self.memory.keep(role, data)
        self.kept[role] = data

    def recall_withdrawn(self) -> dict[str, str]:
        """Recall the withdrawals."""
        known = self.memory.recall_withdrawn()
        if self.withdrawn is None:
            self.withdrawn = dict(known)
        return known

    def keep_withdrawn(self, withdrawn: Mapping[str, str]) -> None:
        """Keep them."""
        self.recall_withdrawn()
        self.memory.keep_withdrawn(withdrawn)


class Recorder:
    """A plugin of pytest's: while stories run, every reading and every report becomes a case.

    Attributes:
        readings: the cases of `Client`.
        reports: the cases of `verify`.
    """

    def __init__(self, contents: Contents, keys: CountedKeys) -> None:
        self.contents = contents
        self.keys = keys
        self.readings: list[Case] = []
        self.reports: list[Case] = []
        self._story = ""
        self._open: list[RecordedClient] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin a story."""
        self.tell(f"{item.path.stem.removeprefix('test_')}: {item.name}")
        if item.name in LEFT_OUT:
            pytest.skip(LEFT_OUT[item.name])

    def tell(self, story: str) -> None:
        """Begin a story; what the clients of the one before believed last is what is expected."""
        self.readings += [client.as_case(self.contents) for client in self._open]
        self._open.clear()
        self._story = story
        self.keys.begin()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the recording ones in place of `Client` and `verify`, wherever stories name them."""
        from tests.stories.attacks import repository
        from tests.trust import shelf

        found = {getattr(item, "module", None) for item in session.items}
        for module in [*found, repository, shelf]:
            if getattr(module, "Client", None) is Client:
                module.Client = self.client  # type: ignore[union-attr]
            if getattr(module, "verify", None) is verify:
                module.verify = self.verify  # type: ignore[union-attr]

    def client(self, source: Source, memory: Memory, now: datetime, *, strict: bool) -> Client:
        """Make a client that is recorded."""
        name = self._name(len(self._open))
        self._open.append(RecordedClient.__new__(RecordedClient))  # here, should its making refuse
        client = self._open[-1]
        client.name = name
        client.__init__(source, memory, now, strict=strict)  # type: ignore[misc]
        return client

    def verify(
        self,
        source: Source,
        memory: Memory,
        clock: datetime,
        built: date,
        chosen: Collection[str] | None = None,
    ) -> Report:
        """Verify, and record it."""
        through, beside = RecordedSource(source), RecordedMemory(memory)
        report = verify(through, beside, clock, built, chosen=chosen)
        earlier = [case for case in self.reports if case["name"].startswith(self._story)]
        put = self.contents.put
        self.reports.append(
            {
                "name": self._name(len(earlier)),
                "clock": text_from_time(clock),
                "built": built.isoformat(),
                "chosen": None if chosen is None else sorted(chosen),
                "memory": {role: put(data) for role, data in sorted(beside.before.items())},
                "withdrawn": dict(sorted((beside.withdrawn or {}).items())),
                "files": {path: put(data) for path, data in sorted(through.files.items())},
                "gives": {
                    "report": report_as_json(report),
                    "reads": through.reads,
                    "kept": {role: put(data) for role, data in sorted(beside.kept.items())},
                    "withdrawn": dict(sorted(memory.recall_withdrawn().items())),
                },
            }
        )
        return report

    def _name(self, earlier: int) -> str:
        return f"{self._story} #{earlier + 1}" if earlier else self._story


class RecordedClient(Client):
    """A client that notes its steps and what each gave."""

    name: str

    def __init__(self, source: Source, memory: Memory, now: datetime, *, strict: bool) -> None:
        self.through, self.beside = RecordedSource(source), RecordedMemory(memory)
        self.steps: list[tuple[Case, Any]] = []
        self.day = now
        self.is_strict = strict
        try:
            super().__init__(self.through, self.beside, now, strict=strict)
        except TrustError as error:
            self.steps.append(({"do": "open"}, error.verdict.name))
            raise
        self.steps.append(({"do": "open"}, "ok"))

    def refresh(self) -> TrustedSet:
        """Refresh, and note it."""
        with self._noting({"do": "refresh"}) as gives:
            trusted = super().refresh()
            gives.append("ok")
        return trusted

    def find(self, target: str) -> TargetFile | None:
        """Find, and note it."""
        with self._noting({"do": "find", "target": target}) as gives:
            info = super().find(target)
            gives.append(info_as_json(info))
        return info

    def content(self, info: TargetFile) -> bytes:
        """Read, and note it."""
        with self._noting({"do": "content", "info": info_as_json(info)}) as gives:
            data = super().content(info)
            gives.append({"sha256": sha256(data).hexdigest()})
        return data

    @contextmanager
    def _noting(self, step: Case) -> Iterator[list[Any]]:
        gives: list[Any] = []
        try:
            yield gives
        except TrustError as error:
            gives.append(error.verdict.name)
            raise
        finally:
            self.steps += [(step, each) for each in gives]

    def as_case(self, contents: Contents) -> Case:
        """Write what happened as a case."""
        put = contents.put
        return {
            "name": self.name,
            "now": text_from_time(self.day),
            "strict": self.is_strict,
            "memory": {role: put(data) for role, data in sorted(self.beside.before.items())},
            "files": {path: put(data) for path, data in sorted(self.through.files.items())},
            "steps": [step for step, _ in self.steps],
            "gives": {
                "steps": [gives for _, gives in self.steps],
                "reads": self.through.reads,
                "kept": {role: put(data) for role, data in sorted(self.beside.kept.items())},
                **state_of(self if hasattr(self, "trusted") else None),
            },
        }
