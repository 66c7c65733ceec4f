"""The load on the service: none of its requests is lost, and no tenant is affected by another."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from tests.examples.conftest import ROOT


@pytest.mark.skipif(
    importlib.util.find_spec("starlette") is None or importlib.util.find_spec("uvicorn") is None,
    reason="needs starlette and uvicorn, which the extra `examples` brings; not installed here",
)
@pytest.mark.parametrize(
    ("count", "at_once"),
    [
        (100, 16),
        pytest.param(1_000, 64, marks=pytest.mark.stress),
    ],
)
def test_many_tenants_a_tenth_of_them_hostile(count: int, at_once: int) -> None:
    command = [sys.executable, "-m", "examples.web.load", "--requests", str(count), "--at-once", str(at_once)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=110 if count == 100 else 900,
        check=False,
        text=True,
    )
    print(done.stdout)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "lost, affected or wrong: 0\n" in done.stdout
    figures = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines() if line[-1].isdecimal())
    assert int(figures["success"]) == count * 9 // 10
    assert int(figures["WORKER_CRASHED"]) >= 1
    assert int(figures["SANDBOX_VIOLATION"]) >= 1
