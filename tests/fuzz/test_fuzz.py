"""The fuzzers, each in a process of its own: a short form in `make test`, the long one is `make fuzz MINUTES=10`."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parent
FUZZERS = ("sources", "reach", "configuration", "operations")


def run(fuzzer: str, seconds: float, seed: int, folder: Path) -> str:
    """Run a fuzzer; what it said.  It fails with the smallest program that a finding came down to."""
    last = folder / "last"
    command = [sys.executable, "-P", "-s", str(FUZZ / f"{fuzzer}.py"), str(seconds), str(seed), str(last)]
    # A round that is under way when the time is over, and the search for the smallest example, take theirs.
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},  # the order of sets is part of an example
        timeout=seconds + 900,
        check=False,
    )
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, (
        f"seed {seed}, status {done.returncode}:\n{said[-6000:]}\ntried last: {last.read_text()[:3000]}"
    )
    return said


@pytest.mark.parametrize("fuzzer", FUZZERS)
def test_fuzz(fuzzer: str, tmp_path: Path) -> None:
    # GIVEN examples that are the same each time WHEN a fuzzer tries them THEN there is no finding
    run(fuzzer, 0, 1, tmp_path)


@pytest.mark.stress
@pytest.mark.parametrize("fuzzer", FUZZERS)
def test_fuzz_for_long(fuzzer: str, tmp_path: Path) -> None:
    # GIVEN new examples each time WHEN a fuzzer tries them for minutes THEN there is no finding
    minutes = float(os.environ.get("ENCLAVE_FUZZ_MINUTES", "1"))
    print(f"\n{fuzzer}: {run(fuzzer, minutes * 60, secrets.randbelow(1 << 30), tmp_path)}")
