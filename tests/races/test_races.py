"""Halts that arrive at every stage of a slot's life, brought about by threads that stop there; see csrc/testing.h.

Each program is a process of its own.  It must end by itself, say what it tried and nothing else.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
SECONDS = 100  # far above what one takes: it tells a hang


def program(name: str, *arguments: str, seconds: int = SECONDS) -> str:
    """What a program of this folder said; it said nothing on stderr."""
    command = [sys.executable, "-X", "faulthandler", str(FOLDER / name), *arguments]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), (
        f"status {done.returncode}:\n{done.stderr}\n{done.stdout}"
    )
    return done.stdout


@pytest.mark.parametrize("kind", ["kill", "time-out", "memory", "close"])
def test_a_halt_at_every_point(kind: str) -> None:
    # GIVEN a thread that has stopped at a point WHEN its run is halted THEN there is one answer, and the next is right
    said = program("halting.py", kind)
    cases = {"kill": 58, "time-out": 58, "memory": 31, "close": 38}[kind]
    assert said == f"{kind}: {cases} cases\n"


def test_exit_at_every_point() -> None:
    # GIVEN a thread that has stopped at a point WHEN the interpreter exits THEN it does, cleanly
    assert program("exiting.py") == "exit: 38 cases\n"


def test_fork_at_every_point() -> None:
    # GIVEN a thread that has stopped at a point WHEN the process forks THEN the child is told, and both go on
    assert program("forking.py") == "fork: 35 cases\n"


def test_whoever_halts_comes_late() -> None:
    # GIVEN a halt that has stopped on its way WHEN the run goes on THEN it ends that run or none
    assert program("halters.py") == "78 cases\n"


def test_halts_at_chosen_instructions() -> None:
    # GIVEN a guest that is stepped through functions of CPython and the core WHEN it is halted within them, each halt
    # followed by a comparison with the snapshot and a run, THEN nothing remains of it
    assert " functions, " in program("stepping.py")


@pytest.mark.parametrize(
    ("kind", "most", "said"), [("steps", "240", 5), ("crashes", "140", 2), ("kills", "200", 200)]
)
def test_halts_while_a_library_holds_a_lock(kind: str, most: str, said: int) -> None:
    # GIVEN a guest that has OpenSSL look for algorithms WHEN it is left, at chosen instructions or at any moment
    # THEN the host's own use of OpenSSL goes on
    assert program("library_locks.py", kind, most) == f"{kind}: {said}\n"


@pytest.mark.parametrize("binding", ["lazy", "now"])
def test_a_library_is_loaded_meanwhile(binding: str, tmp_path: Path) -> None:
    # GIVEN a library that the loader has listed and not filled in WHEN the core looks for what takes libc's locks
    # THEN the library works, and is covered by the next look
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")
    library = tmp_path / "libslow.so"
    flags = ["-shared", "-fPIC", "-O1", "-fno-stack-protector", f"-Wl,-z,{binding},-z,norelro"]
    source = str(FOLDER / "slow_to_load.c")
    subprocess.run([*compiler, *flags, source, "-o", str(library)], check=True, timeout=SECONDS)
    assert program("loading.py", binding, str(library)) == f"{binding}\n"


@pytest.mark.stress
@pytest.mark.timeout(3_000)
def test_halts_at_every_instruction() -> None:
    print("\n" + program("stepping.py", "2000", "400", seconds=3_000))
