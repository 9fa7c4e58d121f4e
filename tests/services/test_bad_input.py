"""What people really hand in: each gives a clear error and an exit code, and hides nothing good.

The whole program runs, as a person would run it, on a small project of which one thing is wrong.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pytest
from tests.making import (
    COLD,
    HEAT,
    PAY,
    WAGE,
    WARM,
    Project,
    Ran,
    drawing,
    environment_of_ours,
    make_project,
)

from bojagi.building.tree import PUBLIC, current_tree

PICTURE = f"{WARM}/images/gloves.png"
NOBODY = 65534
Spoil = Callable[[Project], object]


def pages_of(project: Project, shelf: str) -> set[str]:
    tree = current_tree(project.data / "shelves" / shelf)
    if tree is None:
        return set()
    return {path.relative_to(tree / PUBLIC).as_posix() for path in tree.rglob("*.html")}


def spoil_heavy_picture(project: Project) -> None:
    with (project.root / PICTURE).open("ab") as file:
        file.truncate(50 * 1024 * 1024)


def spoil_decomposed_name(project: Project) -> None:
    project.write(f"{WARM}/" + unicodedata.normalize("NFD", "03-장갑.md"), project.read(COLD))


def spoil_windows_lines(project: Project) -> None:
    project.write(COLD, project.read(COLD).replace("\n", "\r\n"))


def spoil_encoding(project: Project) -> None:
    project.write(COLD, project.read(COLD).encode().replace("몸을".encode(), b"\xb8\xf6"))


def spoil_folder(project: Project) -> None:
    shutil.rmtree(project.root / WARM)
    project.write(WARM, "a file in the place of a folder")


def spoil_link(project: Project) -> None:
    (project.root / COLD).unlink()
    (project.root / COLD).symlink_to("nowhere")


BROKEN_PACKS: dict[str, tuple[Spoil, str]] = {
    "a missing field": (
        lambda project: project.replace(COLD, "summary: 표시와 할 일\n", ""),
        rf"{COLD}:\d+: .*summary: this field is missing",
    ),
    "a bad date": (
        lambda project: project.replace(COLD, "checked_on: 2026-11-23", "checked_on: 2026-11-31"),
        rf"{COLD}:12: .*checked_on: there is no day 2026-11-31; expected one such as 2026-11-23",
    ),
    "an unknown locale": (
        lambda project: project.replace(HEAT, "locale: ru", "locale: fr"),
        rf"{HEAT}:\d+: .*unknown locale 'fr'; expected one of i18n/locales.yaml: ko_KP",
    ),
    "a duplicate id": (
        lambda project: project.write(f"{WARM}/03-cold.md", project.read(COLD)),
        rf"{WARM}/03-cold.md:2: .*id: 'cold' is the id of {COLD} too; expected each id once",
    ),
    "an order that names nothing": (
        lambda project: project.replace(f"{WARM}/pack.yaml", "[cold, heat]", "[cold, heat, ice]"),
        rf"{WARM}/pack.yaml:14: .*articles: there is no article 'ice'; expected one of: cold, heat",
    ),
    "a picture of 50 MB": (
        spoil_heavy_picture,
        rf"{PICTURE}: .*52428800 bytes; expected at most",
    ),
    "a PNG that is not one": (
        lambda project: project.write(PICTURE, b"\xff\xd8\xff\xe0JFIF" + bytes(200)),
        rf"{PICTURE}: .*",
    ),
    "half a PNG": (
        lambda project: project.write(PICTURE, drawing()[:120]),
        rf"{PICTURE}: .*",
    ),
    "invalid UTF-8": (spoil_encoding, rf"{COLD}:3: .*not UTF-8: byte 0xb8; expected UTF-8 text"),
    "a decomposed file name": (
        spoil_decomposed_name,
        rf"{WARM}/03-장갑.md: .*decomposed \(NFD\).*rename it composed",
    ),
    "Windows line ends": (
        spoil_windows_lines,
        rf"{COLD}:1: .*Windows line ends; expected LF only",
    ),
    "a file in the place of a folder": (spoil_folder, rf"{WARM}: .*can't be listed"),
    "a dangling link": (spoil_link, rf"{COLD}: .*a symbolic link; expected a file of its own"),
}


@pytest.mark.parametrize("name", BROKEN_PACKS)
def test_a_broken_pack_is_told_and_the_one_beside_it_is_built(project: Project, name: str) -> None:
    spoil, expected = BROKEN_PACKS[name]
    spoil(project)
    checked = project.run("check")
    assert checked.code == 1
    assert re.search(expected, checked.out), checked.said
    built = project.run("build")
    assert built.code == 1
    assert "Traceback" not in checked.said + built.said
    assert "warm" in built.err
    assert {"index.html", "1.html", "1/1.html"} <= pages_of(project, "d5")
    assert "1.html" not in pages_of(project, "a3")


def test_a_pack_that_broke_leaves_what_is_served_until_it_is_whole_again(project: Project) -> None:
    assert project.run("build").code == 0
    assert {"1.html", "1/1.html"} <= pages_of(project, "a3")
    project.replace(COLD, "id: cold", "id: [x]")
    assert project.run("build").code == 1
    assert {"1.html", "1/1.html"} <= pages_of(project, "d5")


def test_a_catalogue_for_no_pack_is_told_and_every_pack_is_built(project: Project) -> None:
    project.write("i18n/en/LC_MESSAGES/gone.po", "")
    checked, built = project.run("check"), project.run("build")
    assert (checked.code, built.code) == (1, 1)
    expected = "i18n/en/LC_MESSAGES/gone.po: .*a catalogue for no pack; expected <pack-id>.po"
    assert re.search(expected, checked.out)
    assert re.search(expected, built.err)
    assert {"1.html", "1/1.html"} <= pages_of(project, "a3")


@pytest.mark.parametrize("kind", ["fact", "hotline"])
def test_an_unknown_fact_is_told_and_the_other_pack_is_built(project: Project, kind: str) -> None:
    project.write(WAGE, project.read(WAGE) + f"\n새 값은 {{{kind}:nothing_such}}입니다.\n")
    checked, built = project.run("check"), project.run("build")
    assert (checked.code, built.code) == (1, 1)
    assert re.search(rf"{WAGE}.*nothing_such", checked.out), checked.out
    assert "Traceback" not in checked.said + built.said
    assert "left out: pay in ko_KR" in built.err
    assert {"1.html", "1/1.html"} <= pages_of(project, "a3")
    assert "1.html" not in pages_of(project, "d5")


def test_the_same_findings_are_there_for_a_program_to_read(project: Project) -> None:
    project.replace(COLD, "checked_on: 2026-11-23", "checked_on: 2026-11-31")
    findings = json.loads(project.run("check", "--json").out)
    told = [finding for finding in findings if finding["file"] == COLD]
    assert [(each["rule"], each["severity"], each["line"]) for each in told] == [
        ("unreadable", "block", 12)
    ]


AS_NOBODY = f"""
import contextlib, io, os, pkgutil, sys
import bojagi
for module in pkgutil.walk_packages(bojagi.__path__, "bojagi."):
    if not module.name.startswith("bojagi.trust"):
        __import__(module.name)
from bojagi.cli import main
if os.getuid() == 0:
    # Python itself may lie where only root can read: everything is loaded before.
    with contextlib.redirect_stdout(io.StringIO()):
        main(["check", "--root", sys.argv[1]])
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
sys.exit(main(sys.argv[2:]))
"""


def run_as_nobody(project: Project, *arguments: str | Path) -> Ran:
    """Run `bojagi` on a project as somebody for whom the rights of files hold."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, project.root, *arguments, "--root", project.root],
        env=environment_of_ours(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shared() -> Iterator[Project]:
    """A project that another user can read; pytest's own folders let in nobody else."""
    if not hasattr(os, "setuid"):
        pytest.skip("this system has no rights of files to take away")
    tried = subprocess.run(
        [sys.executable, "-c", f"import os; os.setuid({NOBODY})"], check=False, capture_output=True
    )
    if os.getuid() == 0 and tried.returncode != 0:
        pytest.skip("this machine lets nobody become nobody")
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        project = make_project(Path(folder) / "project")
        yield project
        for path in sorted(project.root.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize(
    ("name", "mode", "expected"),
    [
        (WARM, 0o000, f"{WARM}: .*can't be listed: Permission denied"),
        (WARM, 0o444, f"{WARM}/.*can't be read: Permission denied"),
        (f"{WARM}/images", 0o000, f"{WARM}/images: .*can't be listed: Permission denied"),
        (COLD, 0o000, f"{COLD}: .*can't be read: Permission denied"),
        ("i18n/en", 0o000, "i18n/en/LC_MESSAGES: .*can't be listed: Permission denied"),
    ],
)
def test_what_may_not_be_read_is_told_and_the_rest_is_there(
    shared: Project, name: str, mode: int, expected: str
) -> None:
    (shared.root / name).chmod(mode)
    checked = run_as_nobody(shared, "check")
    assert checked.code == 1, checked.err
    assert re.search(expected, checked.out), checked.out
    assert "Traceback" not in checked.said
    assert f"{PAY}/pack.yaml:13: sign-off-missing" in checked.out


def test_a_project_behind_a_closed_door_is_told(shared: Project) -> None:
    shared.root.chmod(0o000)
    checked = run_as_nobody(shared, "check")
    shared.root.chmod(0o755)
    assert checked.code == 3
    assert "can't be read: Permission denied" in checked.err
    assert "Traceback" not in checked.said


def test_a_folder_that_may_not_be_written_is_told(shared: Project) -> None:
    shared.replace(COLD, "모자를", "털모자를")
    updated = run_as_nobody(shared, "i18n", "update")
    assert updated.code == 3
    assert "units.yaml: can't be written: Permission denied" in updated.err
    built = run_as_nobody(shared, "build", "--data", shared.root / "var")
    assert built.code == 3
    assert "can't be used" in built.err
    assert "Traceback" not in updated.said + built.said


def test_a_port_in_use_is_told_with_what_to_do(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        served = project.run("serve", "--port", port)
    assert served.code == 3
    assert re.search(rf"can't listen on 127\.0\.0\.1 port {port}: .*--port", served.err)
    assert "Traceback" not in served.said
    assert not project.data.exists()


@pytest.mark.parametrize("command", ["build", "serve"])
def test_a_data_folder_from_a_newer_version_is_left_alone(project: Project, command: str) -> None:
    project.data.mkdir()
    (project.data / "VERSION").write_text("2\n")
    ran = project.run(command, *(["--port", free_port()] if command == "serve" else []))
    assert ran.code == 3
    assert "written by a newer version (layout 2; this one knows 1)" in ran.err
    assert "--data" in ran.err
    assert "Traceback" not in ran.said
    assert [entry.name for entry in project.data.iterdir()] == ["VERSION"]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def serving(project: Project, port: str) -> Iterator[subprocess.Popen[str]]:
    arguments = ["serve", "--root", str(project.root), "--data", str(project.data), "--port", port]
    with subprocess.Popen(
        [sys.executable, "-m", "bojagi.cli", *arguments],
        env=environment_of_ours(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def page(port: str, path: str) -> str:
    """Fetch a page, waiting for the server to come up."""
    until = time.monotonic() + 30
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                body: bytes = answer.read()
                return body.decode("utf-8")
        except ConnectionError:
            if time.monotonic() > until:
                raise
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionError):
                raise
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


def test_a_good_pack_is_served_while_the_one_beside_it_is_broken(project: Project) -> None:
    project.replace(COLD, "id: cold", "id: [x]")
    port = free_port()
    with serving(project, port) as process:
        assert "최저임금" in page(port, "/d5/1")
        assert "10,320" in page(port, "/d5/1/1")
        assert "추위" not in page(port, "/")
        process.terminate()
        said = process.stdout.read() if process.stdout else ""
    assert f"{COLD}:2" in said
    assert "Traceback" not in said
