"""Tasks ahead and a slot that is late: what its host takes back are the others, never the one that is next."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from enclave_subinterp import EnclaveExecutor, _native
from enclave_subinterp._adapters import tasks as task_adapter
from tests.contract import executor_tasks as tasks

POINT = "answer out"
WAIT = 20.0
N: Any = _native


def some_are_ahead(executor: EnclaveExecutor) -> bool:
    pool = executor._core.pool
    with pool.lock:
        return any(stretch.ahead_locked() for stretch in pool.stretches)


def test_the_next_one_is_not_taken_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GIVEN tasks ahead WHEN the slot does not come to the next one for long THEN that one runs nevertheless."""
    monkeypatch.setattr(task_adapter, "_SHORT_NS", 1e12)  # however busy the machine is, these are short
    monkeypatch.setattr(task_adapter, "_AHEAD_NS", 1e15)
    with EnclaveExecutor(1) as executor:
        for n in range(40):  # until it is known what they take
            assert executor.submit(tasks.double, n).result(WAIT) == 2 * n
        gate = tmp_path / "gate"
        first = executor.submit(tasks.stand_at, str(gate))
        futures = [executor.submit(tasks.double, n) for n in range(500)]
        N.stop_at(POINT)
        gate.touch()
        assert N.await_stop(POINT, WAIT)
        end = time.monotonic() + WAIT
        while not some_are_ahead(executor):
            assert time.monotonic() < end, "no task was handed over ahead"
        while some_are_ahead(executor):  # the host's patience is short
            assert time.monotonic() < end, "nothing was taken back"
        N.let_go(POINT)
        assert first.result(WAIT) is True
        assert [future.result(WAIT) for future in futures] == [2 * n for n in range(500)]


def test_order_comes_first() -> None:
    """GIVEN several workers THEN none takes tasks ahead: another could begin a later one before them."""
    with EnclaveExecutor(1) as one, EnclaveExecutor(2) as two:
        assert one._core.pool.looks_ahead
        assert not two._core.pool.looks_ahead
