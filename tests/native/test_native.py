"""The native programs, which test what needs no Python; the build of the tests has made them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
PROGRAMS = FOLDER.parents[1] / "build" / Path(sys.prefix).name / "native"


@pytest.mark.parametrize("name", sorted(source.stem for source in FOLDER.glob("native_test_*.c")))
def test_native(name: str) -> None:
    ended = subprocess.run([PROGRAMS / name], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
