"""The command line, as a person or a script meets it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.making import COLD, WARM, Project, environment_of_ours, make_project, run
from tests.stories.running import free_port

from bojagi.authoring.checks.rules import RULES
from bojagi.cli import main

FINDING = {
    "rule": str,
    "severity": str,
    "file": str,
    "line": int,
    "column": int,
    "words": str,
    "to_do": str,
    "real_release_only": bool,
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "보자기 시험")


def called(*arguments: str | Path) -> int:
    """Call `bojagi` in this process; what argparse ends gives its code too."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--help"], ["serve", "check", "build", "i18n"]),
        (["serve", "--help"], ["--port", "--surface", "--shelf", "BOJAGI_DATA"]),
        (["check", "--help"], ["--json", "--real", "--explain", "--locale"]),
        (["build", "--help"], ["--root", "--data"]),
        (["i18n", "update", "--help"], ["--new PACK LOCALE"]),
    ],
)
def test_help_names_what_there_is(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: list[str]
) -> None:
    assert called(*arguments) == 0
    out = capsys.readouterr().out
    assert [word for word in expected if word not in out] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["i18n"],
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "-1"],
        ["serve", "--port", "http"],
        ["serve", "--port", "8000.0"],
        ["serve", "--port", "9" * 5000],
        ["serve", "--port", ""],
        ["serve", "--surface", "everything"],
        ["check", "--locale", "fr"],
        ["build", "--nothing"],
    ],
    ids=lambda arguments: " ".join(arguments)[:24] or "nothing at all",
)
def test_words_that_mean_nothing_end_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert called(*arguments) == 2
    told = capsys.readouterr().err
    assert "usage: bojagi" in told
    assert "Traceback" not in told


def test_a_port_that_is_none_is_told_what_one_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("serve", "--port", "99999") == 2
    assert "'99999' is not a port; expected 1 to 65535" in capsys.readouterr().err


def test_a_clean_project_ends_with_0(project: Project) -> None:
    checked, built = project.run("check"), project.run("build")
    assert (checked.code, built.code) == (0, 0)
    assert checked.out.splitlines()[-1].startswith("2 packs: ")
    assert built.out.splitlines()[-1] == ("3 editions built, 0 as they were, 0 left out, 2 shelves")
    assert checked.err + built.err == ""


def test_what_only_a_real_release_asks_for_ends_with_1_when_it_is_judged_as_one(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("check", "--root", project.root) == 0
    assert called("check", "--root", project.root, "--real") == 1
    assert "sign-off-missing" in capsys.readouterr().out


def test_a_check_that_blocks_ends_with_1(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.replace(COLD, "모자를", "전화 010-1234-5678로 모자를")
    assert called("check", "--root", project.root, "--locale", "en") == 1
    assert re.search(rf"^{COLD}:\d+:\d+: [a-z-]+: ", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.parametrize("command", ["check", "build", "serve"])
def test_a_folder_that_is_no_project_ends_with_3(tmp_path: Path, command: str) -> None:
    arguments = ["--port", str(free_port())] if command == "serve" else []
    data = [] if command == "check" else ["--data", str(tmp_path / "var")]
    ran = run(command, "--root", str(tmp_path), *data, *arguments)
    assert ran.code == 3
    assert f"there is no content_packs/ in {tmp_path}; expected the project's folder" in ran.err
    assert "Traceback" not in ran.said


def test_findings_for_a_program_are_json_of_one_shape(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write(f"{WARM}/notes.txt", "x")
    assert called("check", "--root", project.root, "--json") == 1
    findings = json.loads(capsys.readouterr().out)
    assert findings
    for finding in findings:
        assert {name: type(value) for name, value in finding.items()} == FINDING
        assert finding["severity"] in {"block", "warn", "note"}
        assert finding["rule"] in RULES
        assert (project.root / finding["file"]).exists()
        assert finding["words"]
        assert "{" not in finding["words"]
    assert findings == sorted(findings, key=lambda each: (each["file"], each["line"]))


def test_a_project_without_findings_gives_an_empty_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project(tmp_path)
    project.write("content_packs/shelves.yaml", "")
    project.write("content_packs/hotlines.yaml", "")
    project.write("i18n/locales.yaml", "")
    assert called("check", "--root", project.root, "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_words_and_packs_are_drafted_in_the_other_korean(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("노동자는 임금을 받을 수 있어요.\n"))
    assert called("i18n", "draft", "--root", project.root, "ko_KR", "ko_KP", "-") == 0
    said = capsys.readouterr()
    assert said.out.startswith("로동자는 로임을 받을수 ⟦있어요→")
    assert said.err == "3 changed, 1 to decide\n"
    assert called("i18n", "draft", "--root", project.root, "ko_KR", "ko_KP", "pay") == 0
    assert "units drafted" in capsys.readouterr().out
    assert called("i18n", "draft", "--root", project.root, "ko_KR", "en", "pay") == 2
    assert "ko_KR ko_KP, or the reverse" in capsys.readouterr().err


@pytest.mark.parametrize("locale", ["en", "ko_KR"])
@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_is_explained(
    project: Project, capsys: pytest.CaptureFixture[str], rule: str, locale: str
) -> None:
    assert called("check", "--root", project.root, "--explain", rule, "--locale", locale) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(lines)
    if locale == "en":
        assert lines == [
            f"{RULES[rule].severity}: {RULES[rule].words}",
            f"example: {RULES[rule].example}",
            f"to do: {RULES[rule].to_do}",
            f"blind spot: {RULES[rule].blind_spot}",
        ]


def test_a_rule_that_is_not_there_ends_with_2_and_names_those_that_are(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("check", "--root", project.root, "--explain", "nothing") == 2
    told = capsys.readouterr().err
    assert "there is no rule 'nothing'" in told
    assert all(rule in told for rule in RULES)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (["nothing", "en"], "expected pay, warm"),
        (["warm", "fr"], "expected ko_KP, ko_KR, en, ru"),
        (["Warm Pack", "en"], "expected lower-case words"),
        (["warm", "english"], "expected a POSIX locale code"),
    ],
)
def test_a_catalogue_that_can_not_be_begun_ends_with_2(
    project: Project, capsys: pytest.CaptureFixture[str], new: list[str], expected: str
) -> None:
    assert called("i18n", "update", "--root", project.root, "--new", *new) == 2
    assert expected in capsys.readouterr().err


def test_an_update_names_what_it_wrote_and_then_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.replace(COLD, "모자를", "털모자를")
    assert called("i18n", "update", "--root", project.root) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{WARM}/units.yaml",
        "i18n/en/LC_MESSAGES/warm.po",
    ]
    assert called("i18n", "update", "--root", project.root) == 0
    assert capsys.readouterr().out == ""


def test_an_update_of_a_broken_project_ends_with_1_and_says_why(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write(f"{WARM}/notes.txt", "x")
    assert called("i18n", "update", "--root", project.root) == 1
    assert f"{WARM}/notes.txt: a pack holds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "is_korean"), [("ko_KR.UTF-8", True), ("en_US.UTF-8", False), ("", False)]
)
def test_findings_are_told_in_the_language_of_the_terminal(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    is_korean: bool,  # noqa: FBT001 - a case of the table
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.delenv("LANG", raising=False)
    called("check", "--root", project.root, "--explain", "unreadable")
    assert (RULES["unreadable"].words not in capsys.readouterr().out) == is_korean


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "latin-1"])
def test_a_terminal_that_shows_no_hangul_gets_no_trace(project: Project, encoding: str) -> None:
    project.write(f"{WARM}/03-얼음과 ☃.md", "x")
    done = subprocess.run(
        [sys.executable, "-m", "bojagi.cli", "check", "--root", project.root],
        env=environment_of_ours(PYTHONIOENCODING=encoding),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"notes" not in done.stdout
    assert b"\\u2603" in done.stdout


def test_a_reader_who_leaves_early_gets_no_trace(project: Project) -> None:
    for number in range(3, 60):
        project.write(f"{WARM}/notes{number}.txt", "x")
    with subprocess.Popen(
        [sys.executable, "-m", "bojagi.cli", "check", "--root", project.root],
        env=environment_of_ours(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    "host", ["no.such.host.invalid", "256.1.1.1", "x" * 100, "::gg", "127.0.0.1:80"]
)
def test_a_host_that_is_none_ends_with_3(project: Project, host: str) -> None:
    served = project.run("serve", "--host", host, "--port", str(free_port()))
    assert served.code == 3
    assert host in served.err
    assert "Traceback" not in served.said


@pytest.mark.parametrize("shelf", ["z9", "f8"])
def test_a_shelf_that_is_not_open_ends_with_3(project: Project, shelf: str) -> None:
    served = project.run("serve", "--shelf", shelf, "--port", str(free_port()))
    assert served.code == 3
    assert f"nothing is built for shelf '{shelf}'" in served.err


@contextmanager
def started(project: Project, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start `bojagi` with its children in a group of their own, so that Ctrl-C is theirs alone."""
    command = [*arguments, "--root", str(project.root), "--data", str(project.data)]
    with subprocess.Popen(
        [sys.executable, "-m", "bojagi.cli", *command],
        env=environment_of_ours(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for_answers(port: int) -> None:
    """Wait until every worker listens: a signal that comes while one still loads is lost on it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as wire:
            wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
            if wire.recv(15).startswith(b"HTTP/1"):
                break
        time.sleep(0.1)
    time.sleep(2)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing there")
def test_ctrl_c_ends_a_server_quietly_and_the_port_is_free_again(project: Project) -> None:
    port = free_port()
    for _ in range(2):
        with started(project, "serve", "--port", str(port)) as process:
            wait_for_answers(port)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=30)
            assert process.returncode in {0, 130}
            assert "Traceback" not in out + err
            assert f"pages       http://127.0.0.1:{port}/\n" in out
            assert f"library     http://127.0.0.1:{port}/library/\n" in out


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("after", [0.3, 0.6, 0.9])
def test_ctrl_c_during_a_build_leaves_nothing_half_done(project: Project, after: float) -> None:
    with started(project, "build") as process:
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)
        # While Python itself is still starting, it ends by the signal.
        assert process.returncode in {0, 1, 130, -signal.SIGINT}
    again = project.run("build")
    assert again.code == 0
    assert "2 shelves" in again.out


def test_the_data_folder_may_come_from_the_environment(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    ran = run("build", "--root", str(project.root), BOJAGI_DATA=str(elsewhere))
    assert ran.code == 0
    assert (elsewhere / "VERSION").exists()


def test_one_pack_can_be_checked_alone(project: Project) -> None:
    project.replace(COLD, "추위", "010-1234-5678 추위")
    alone = project.run("check", "pay")
    assert alone.code == 0
    assert alone.out.splitlines()[-1].startswith("1 packs: ")
    assert COLD not in alone.out
    assert project.run("check", "warm").code == 1
    assert project.run("check", "nothing").code == 2
