"""The service of examples/web in a process of its own, with a tenant of each class and an operator."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from examples.web.client import Client

ROOT = Path(__file__).resolve().parents[2]
TIERS = ("free", "plus", "own", "staff")
KEYS = {
    **{f"{tier}-key": {"name": tier, "tier": tier} for tier in TIERS},
    **{f"{tier}-operator-key": {"name": f"{tier} op", "tier": tier, "operator": True} for tier in TIERS},
    **{f"free-{n}-key": {"name": f"free {n}", "tier": "free"} for n in range(4)},
    "other-key": {"name": "other", "tier": "own"},
}
FREE_QUEUE = 4  # places, so that it is soon full
WAIT = 30.0  # seconds in which whatever is waited for has happened


class Served:
    """Where it is, and its tenants."""

    def __init__(self, address: str, process: subprocess.Popen[str]) -> None:
        self.address = address
        self.process = process

    def __getitem__(self, name: str) -> Client:
        return Client(self.address, f"{name}-key", timeout=WAIT)


@contextmanager
def serving(keys: Path) -> Iterator[Served]:
    """The service; it must end when it is told to, without a word of complaint."""
    keys.write_text(json.dumps(KEYS), encoding="utf-8")
    command = [sys.executable, "-m", "examples.web", "--port", "0", "--playground", "--keys", keys]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "ENCLAVE_FREE_MAX_QUEUE_SIZE": str(FREE_QUEUE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address, process.communicate(timeout=WAIT)[1]
            yield Served(address, process)
            process.terminate()
            out, errors = process.communicate(timeout=WAIT)
        finally:
            process.kill()
    assert (out, errors) == ("", "")


@pytest.fixture(scope="package")
def started(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[Served]]:
    """Starts a service."""
    missing = [name for name in ("starlette", "uvicorn") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}, which the extra `examples` brings; not installed here")
    return lambda: serving(tmp_path_factory.mktemp("web") / "keys.json")


@pytest.fixture(scope="package")
def served(started: Callable[[], AbstractContextManager[Served]]) -> Iterator[Served]:
    """The one that most tests share."""
    with started() as service:
        yield service
