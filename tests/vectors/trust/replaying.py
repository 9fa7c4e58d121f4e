"""Running a recorded case through Python's rules; twin of `tests/field/harness/replay.js`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from tests.vectors.trust.contents import Contents
from tuf.api.metadata import TargetFile

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.client import Client, NoMemory
from bojagi.trust.verifier import Report, verify

Case = dict[str, Any]


class FilesSource:
    """A source that serves recorded files, and notes what was asked of it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.reads: list[str] = []

    def read(self, path: str, limit: int) -> bytes | None:
        """Serve a file, as any source does."""
        self.reads.append(f"{path} {limit}")
        data = self.files.get(path)
        if data is not None and len(data) > limit:
            raise TrustError(
                Verdict.DAMAGED, f"{path} is longer than the {limit} bytes it may have"
            )
        return data


class KeepingMemory(NoMemory):
    """A memory that notes what it was given."""

    def __init__(
        self, seen: Mapping[str, bytes], withdrawn: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(dict(seen), dict(withdrawn or {}))
        self.kept: dict[str, bytes] = {}

    def keep(self, role: str, data: bytes) -> None:
        """Keep it, and note it."""
        super().keep(role, data)
        self.kept[role] = data


def time_from_text(text: str) -> datetime:
    """Read a time of ours, ISO 8601."""
    return datetime.fromisoformat(text)


def text_from_time(time: datetime) -> str:
    """Write a time to the second, ISO 8601."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def replay_reading(case: Case, contents: Contents) -> Case:
    """Do the steps of a story's case again; return what it gives, in the form of `gives`."""
    source, memory = _source(case, contents), _memory(case, contents)
    client: Client | None = None
    steps: list[Any] = []
    for step in case["steps"]:
        try:
            if step["do"] == "open":
                now = time_from_text(case["now"])
                client = Client(source, memory, now, strict=case["strict"])
                steps.append("ok")
                continue
            assert client is not None
            steps.append(do_step(client, step))
        except TrustError as error:
            steps.append(error.verdict.name)
    return {
        "steps": steps,
        "reads": source.reads,
        "kept": {role: contents.put(data) for role, data in sorted(memory.kept.items())},
        **state_of(client),
    }


def do_step(client: Client, step: Case) -> Any:  # noqa: ANN401 - a step gives JSON
    """Do one step; return what it gives."""
    if step["do"] == "refresh":
        client.refresh()
        return "ok"
    if step["do"] == "find":
        return info_as_json(client.find(step["target"]))
    info = step["info"]
    data = client.content(TargetFile(info["length"], dict(info["hashes"]), info["path"]))
    return {"sha256": sha256(data).hexdigest()}


def info_as_json(info: TargetFile | None) -> Case | None:
    """Write what was found of a target."""
    if info is None:
        return None
    return {"path": info.path, "length": info.length, "hashes": dict(info.hashes)}


def state_of(client: Client | None) -> Case:
    """Write what a client believes at the end."""
    if client is None:
        return {"believed": {}, "expired": {}}
    trusted = client.trusted
    top = {"root": trusted.root, "timestamp": trusted.timestamp, "snapshot": trusted.snapshot}
    roles = {**{role: known for role, known in top.items() if known}, **trusted.roles}
    return {
        "believed": {role: known.version for role, known in sorted(roles.items())},
        "expired": {role: text_from_time(day) for role, day in sorted(trusted.expired.items())},
    }


def replay_report(case: Case, contents: Contents) -> Case:
    """Verify a case's repository again; return what it gives, in the form of `gives`."""
    source, memory = _source(case, contents), _memory(case, contents)
    built = date.fromisoformat(case["built"])
    clock, chosen = time_from_text(case["clock"]), case.get("chosen")
    report = verify(source, memory, clock, built, chosen=chosen)
    return {
        "report": report_as_json(report),
        "reads": source.reads,
        "kept": {role: contents.put(data) for role, data in sorted(memory.kept.items())},
        "withdrawn": dict(sorted(memory.withdrawn.items())),
    }


def report_as_json(report: Report) -> Case:
    """Write a report; its reasons are words for a person, and are the same in both languages.

    Of what is damaged they are left out: they say what a parser met, and each has its own words.
    """
    return {
        "verdict": report.verdict.name,
        "reason": _reason(report.verdict, report.reason),
        "newest_signed": report.newest_signed and report.newest_signed.isoformat(),
        "had_memory": report.had_memory,
        "demo": report.demo,
        "files": sorted(report.files),
        "judgements": [
            [
                each.path,
                each.verdict.name,
                each.version,
                _reason(each.verdict, each.reason),
                each.digest,
            ]
            for each in report.judgements
        ],
    }


def _reason(verdict: Verdict, reason: str) -> str:
    return "" if verdict is Verdict.DAMAGED else reason


def _source(case: Case, contents: Contents) -> FilesSource:
    return FilesSource({path: contents.get(name) for path, name in case["files"].items()})


def _memory(case: Case, contents: Contents) -> KeepingMemory:
    seen = {role: contents.get(name) for role, name in case["memory"].items()}
    return KeepingMemory(seen, case.get("withdrawn"))
