"""A process that has read `bojagi`'s code and forks a new one for every run.

Reading the code takes seconds, and the tests run the program hundreds of times. What is forked is
a process of its own: its arguments, folder, environment, output and exit code are those of a run.
"""

from __future__ import annotations

import atexit
import json
import select
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

LIMIT_SECONDS: Final = 120

PROGRAM: Final = """
import atexit, json, os, pkgutil, runpy, sys, time, traceback
import bojagi
from bojagi.cli import main
for module in pkgutil.walk_packages(bojagi.__path__, "bojagi."):
    if not module.name.endswith("__main__") and ".migrations" not in module.name:
        __import__(module.name)

def become(argv, cwd, env, out, err):
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    for descriptor, path in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["bojagi", *argv]
    code = 0
    try:
        runpy.run_module("bojagi.cli", run_name="__main__", alter_sys=False)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

asking, telling = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
for descriptor in (0, 1):
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, descriptor)
main(["check", "--root", sys.argv[1]])  # what it compiles is there for all that are forked
print("ready", file=telling, flush=True)
for line in asking:
    child = os.fork()
    if not child:
        become(**json.loads(line))
    status = os.waitpid(child, 0)[1]
    print(os.waitstatus_to_exitcode(status), file=telling, flush=True)
"""


class WarmProcess:
    """The process that forks; one for each process of tests."""

    def __init__(self, environment: dict[str, str], root: Path) -> None:
        """Start it; it checks a project, so that patterns are compiled before anybody forks."""
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, root],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        atexit.register(self.end)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", "it ended while it read its code"

    def run(self, arguments: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str, str]:
        """Run `bojagi`; return its exit code and what it said on both streams.

        Raises:
            TimeoutError: when it doesn't end.
        """
        asking, telling = self._process.stdin, self._process.stdout
        assert asking is not None
        assert telling is not None
        out, err = (Path(self._folder.name) / name for name in ("out", "err"))
        for path in (out, err):
            path.write_bytes(b"")
        asked = {"argv": arguments, "cwd": str(Path.cwd()), "env": environment}
        asking.write(json.dumps({**asked, "out": str(out), "err": str(err)}) + "\n")
        asking.flush()
        if not select.select([telling], [], [], LIMIT_SECONDS)[0]:
            raise TimeoutError(f"bojagi {' '.join(arguments)} goes on and on")
        code = int(telling.readline())
        return code, out.read_text("utf-8"), err.read_text("utf-8")

    def end(self) -> None:
        """End it, with whatever it still runs."""
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()
