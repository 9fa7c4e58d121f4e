"""One starter for Bojagi: makes the environment, then does what you ask.

    python3 run.py serve [arguments]     run the service; arguments go to `bojagi serve`
    python3 run.py test [arguments]      run all tests, the browser's too; arguments go to pytest
    python3 run.py lint                  check style, types and the layers of the code
    python3 run.py bench [names]         measure, beside the programs people use today
    python3 run.py clean                 remove the environment and caches; your data (var) stays

It needs Python 3.11 or newer. Libraries go into .venv in this folder, as requirements/ names them.
System programs (Chromium, a Korean font) come by apt when you are root; otherwise it says what to
install. Every command runs in this folder, so paths in arguments are read from here.

Exit code: that of the step that failed; 2 wrong command, 3 something to install first, 130 Ctrl-C.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "bojagi-stamp"

SETS = ("runtime", "test", "bench")  # of requirements/; each holds what the ones before it hold

CACHES = (".hypothesis", ".import_linter_cache", ".mypy_cache", ".ruff_cache")
OWN_FOLDERS = (".venv", "dist", *CACHES)

WRONG_COMMAND, MUST_INSTALL, INTERRUPTED = 2, 3, 130
ROOM_IN_MEMORY = 6 * 2**30  # bytes; a run of the tests fills a fifth of it


class StopError(Exception):
    """A step failed: `sentence` is for the person, `code` is how this program ends."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def has(program: str) -> bool:
    """Tell whether a program is on the path, or where Debian keeps those of the administrator."""
    return bool(shutil.which(program) or shutil.which(program, path="/usr/sbin"))


def has_korean_font() -> bool:
    """Tell whether fontconfig knows a font for Korean."""
    return has("fc-list") and bool(subprocess.check_output(["fc-list", ":lang=ko", "family"]))


PROGRAMS: dict[str, dict[str, Callable[[], bool]]] = {
    "test": {
        "chromium": lambda: has("chromium"),
        "fonts-nanum": has_korean_font,
        "libatomic1": lambda: sys.platform != "linux" or bool(find_library("atomic")),
        "gettext": lambda: has("msgfmt"),
        "postgresql": lambda: (
            has("postgres") or bool([*Path("/usr/lib").glob("postgresql/*/bin/postgres")])
        ),
    },
    "bench": {
        "nginx-light": lambda: has("nginx"),
        "kiwix-tools": lambda: has("kiwix-serve"),
        "wrk": lambda: has("wrk"),
        "xz-utils": lambda: has("xz"),
        "chromium": lambda: has("chromium"),
        "libatomic1": lambda: sys.platform != "linux" or bool(find_library("atomic")),
    },
}
"""The Debian packages with the programs a command uses, and how to see that one is there."""


def call(*command: str | Path, stdout: int | None = None) -> int:
    """Run a command in the project folder; return its exit code as a shell would."""
    sys.stdout.flush()
    code = subprocess.run(command, cwd=ROOT, stdout=stdout, check=False).returncode
    return code if code >= 0 else 128 - code


def step(what: str, *command: str | Path) -> None:
    """Say what is installed, do it, and stop with its exit code if it fails."""
    print(f"Installing {what}", flush=True)
    if code := call(*command):
        raise StopError(code, f"Installing {what} failed; the lines above say why.")


def missing_after_apt(packages: dict[str, Callable[[], bool]]) -> list[str]:
    """Install Debian packages that are missing, if we may; return those that still are."""
    missing = [name for name, is_present in packages.items() if not is_present()]
    if missing and hasattr(os, "geteuid") and os.geteuid() == 0 and has("apt-get"):
        print(f"Installing system packages: {' '.join(missing)}", flush=True)
        apt = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o=Dpkg::Use-Pty=0")
        call(*apt, "update", stdout=subprocess.DEVNULL)  # if that fails, the old list may still do
        call(*apt, "install", "-y", "--no-install-recommends", *missing, stdout=subprocess.DEVNULL)
    return [name for name in missing if not packages[name]()]


def advice(packages: Sequence[str]) -> str:
    """Return what an administrator of this machine would do, as near as we can know."""
    how = "with: sudo apt-get install" if has("apt-get") else "what Debian calls"
    return f"Install {how} {' '.join(packages)}"


def ensure_programs(which: str) -> None:
    """Install the system programs that are missing, or say which a person must install."""
    missing = missing_after_apt(PROGRAMS[which])
    if {"chromium", "fonts-nanum"}.intersection(missing):
        others = 'The tests without a browser: python3 run.py test -m "not browser"'
        raise StopError(MUST_INSTALL, f"Programs are missing. {advice(missing)}\n{others}")
    if missing:
        print(f"Going on without some programs. {advice(missing)}", file=sys.stderr)


def has_ensurepip() -> bool:
    """Tell whether Python can put pip into a new environment; Debian packs that apart."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def digest(which: str) -> str:
    """Name everything an installed set depends on: its lock, our metadata, Python and the place."""
    files = (ROOT / "requirements" / f"{which}.txt", ROOT / "pyproject.toml")
    parts = [which, sys.version, str(ROOT), *(file.read_text("utf-8") for file in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_ready(which: str) -> bool:
    """Tell whether the set, or one that includes it, was installed to the end, and as it is now."""
    return STAMP.exists() and STAMP.read_text("utf-8") in map(digest, SETS[SETS.index(which) :])


def make_venv() -> None:
    """Make .venv, unless one is there that this Python made in this very place, with pip."""
    cfg = VENV / "pyvenv.cfg"
    made = cfg.read_text("utf-8") if cfg.exists() and os.access(PYTHON, os.X_OK) else ""
    version = ".".join(map(str, sys.version_info[:3]))
    is_ours = f"version = {version}\n" in made and f" {VENV}\n" in made
    if is_ours and call(PYTHON, "-c", "import pip") == 0:
        return
    package = f"python3.{sys.version_info[1]}-venv"
    if missing_after_apt({package: has_ensurepip}):
        raise StopError(MUST_INSTALL, f"This Python has no ensurepip. {advice([package])}")
    # From inside a virtual environment, --clear could remove the very Python that is running.
    base = getattr(sys, "_base_executable", sys.executable)
    step("the environment in .venv", base, "-m", "venv", "--clear", VENV)


def ensure_environment(which: str) -> None:
    """Make .venv hold the set. A run cut short leaves no stamp, so the next one repairs it."""
    if is_ready(which):
        return
    make_venv()
    STAMP.unlink(missing_ok=True)
    lock = f"requirements/{which}.txt"
    pip = (PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input")
    step(lock, *pip, "--require-hashes", "-r", lock)
    step("Bojagi itself", *pip, "--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text(digest(which), "utf-8")


def serve(arguments: Sequence[str]) -> int:
    """Become the service."""
    ensure_environment("runtime")
    command = [str(BIN / "bojagi"), "serve", *arguments]
    if os.name != "nt":  # there, exec would give the terminal back while the service still runs
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606 - becoming the service is the point
    return call(*command)


def keep_bytecode() -> None:
    """Let Python keep compiled modules: stories start our programs hundreds of times."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def work_in_memory() -> None:
    """Let temporary files lie in memory where there is room: stories write and sync thousands."""
    memory = Path("/dev/shm")  # noqa: S108 - only where pytest makes folders of its own
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return
    if shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
        os.environ["TMPDIR"] = str(memory)


def test(arguments: Sequence[str]) -> int:
    """Run pytest, in two processes unless told otherwise."""
    keep_bytecode()
    work_in_memory()
    if "not browser" not in arguments:
        ensure_programs("test")
    ensure_environment("test")
    if not any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        arguments = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments)
    return call(PYTHON, "-m", "pytest", *arguments)


def lint(_: Sequence[str]) -> int:
    """Run every check, even after one that failed, and sum up."""
    ensure_environment("test")
    checks = ("ruff check", "ruff format --check", "mypy", "lint-imports")
    codes = {check: call(BIN / check.split()[0], *check.split()[1:]) for check in checks}
    for check, code in codes.items():
        print(f"{check:21}{'FAILED' if code else 'ok'}")
    return int(any(codes.values()))


def bench(arguments: Sequence[str]) -> int:
    """Run the measurements."""
    ensure_programs("bench")
    ensure_environment("bench")
    keep_bytecode()
    return call(PYTHON, Path("tests", "benchmarks", "run_all.py"), *arguments)


def clean(_: Sequence[str]) -> int:
    """Remove what these commands made, in this folder only; of a link, never what it points to."""
    for path in [*(ROOT / name for name in OWN_FOLDERS), *sorted(ROOT.rglob("__pycache__"))]:
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            continue
        print(f"Removed {path.relative_to(ROOT)}")
    return 0


COMMANDS = {"serve": serve, "test": test, "lint": lint, "bench": bench, "clean": clean}


def main(arguments: Sequence[str]) -> int:
    """Do one command; return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one may well be what is called python3
        raise StopError(MUST_INSTALL, f"Needs Python 3.11 or newer, not {sys.version.split()[0]}.")
    # Python reads .pth files as LC_ALL says, and the path to our code may hold Hangul.
    if os.environ.get("LC_ALL") in {"C", "POSIX"}:
        os.environ["LC_ALL"] = "C.UTF-8"
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", ())
    if name in {"help", "-h", "--help"}:
        print(__doc__)
        return 0
    if name not in COMMANDS or (rest and name in {"lint", "clean"}):
        print(__doc__, file=sys.stderr)
        raise StopError(WRONG_COMMAND, f"There is no command {' '.join(arguments)!r}.")
    return COMMANDS[name](rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StopError as stop:
        print(f"run.py: {stop}", file=sys.stderr)
        sys.exit(stop.code)
    except OSError as error:
        sys.exit(f"run.py: {error.strerror}: {error.filename}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
