"""The programs in examples/: what they print with processes, they print with the one line changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LINE = "from concurrent.futures import ProcessPoolExecutor\n"
LINES = {
    "thread": "from concurrent.futures import ThreadPoolExecutor as ProcessPoolExecutor\n",
    "enclave": "from enclave_subinterp import EnclaveExecutor as ProcessPoolExecutor\n",
}
PROGRAMS = ("primes.py", "text_index.py", "mandelbrot.py", "event_loop.py")


def output(program: Path) -> bytes:
    command = [sys.executable, "-Werror", program]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


@pytest.fixture(scope="module")
def expected() -> dict[str, bytes]:
    return {name: output(EXAMPLES / name) for name in PROGRAMS}


@pytest.mark.parametrize("other", list(LINES))
@pytest.mark.parametrize("name", PROGRAMS)
def test_one_line_changed(name: str, other: str, expected: dict[str, bytes], tmp_path: Path) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    changed = tmp_path / name
    changed.write_text(text.replace(LINE, LINES[other]), encoding="utf-8")
    assert len(expected[name]) > 100
    assert output(changed) == expected[name]
