"""The native test programs: parts of the core that need no Python, each built and run alone."""

from __future__ import annotations

import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted((ROOT / "tests" / "native").glob("native_test_*.c"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_native_program(program: Path, tmp_path: Path) -> None:
    # as CMakeLists.txt builds them: with the files of csrc/ that they are named after, if there are any
    unit = program.stem.removeprefix("native_test_")
    sources = [program, *(ROOT / "csrc").glob(f"{unit}.c"), *(ROOT / "csrc").glob(f"{unit}_*.c")]
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")
    built = tmp_path / program.stem
    flags = ["-std=gnu17", "-O1", "-g", "-pthread", "-Wall", "-Wextra", f"-I{ROOT / 'csrc'}"]
    subprocess.run([*compiler, *flags, *map(str, sources), "-o", str(built)], check=True, timeout=60)
    done = subprocess.run([str(built)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_there_are_programs() -> None:
    assert PROGRAMS
