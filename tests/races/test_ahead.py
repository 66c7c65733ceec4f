"""Tasks ahead and a slot that is late: what its host takes back are the others, never the one that is next."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from enclave_subinterp import EnclaveExecutor, _native
from enclave_subinterp._adapters import AheadWorker
from enclave_subinterp._adapters import tasks as task_adapter
from enclave_subinterp._pool.stretch import Stretch
from tests.contract import executor_tasks as tasks

POINT = "answer out"
WAIT = 20.0
N: Any = _native


def test_the_next_one_is_not_taken_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GIVEN tasks ahead WHEN the slot does not come to the next one for long THEN that one runs nevertheless."""
    monkeypatch.setattr(task_adapter, "_SHORT_NS", 1e12)  # however busy the machine is, these are short
    monkeypatch.setattr(task_adapter, "_AHEAD_NS", 1e15)
    taken_back = threading.Event()
    recall = Stretch._recall_locked

    def watched(stretch: Stretch, worker: AheadWorker) -> None:
        some = len(stretch.ahead_locked())
        recall(stretch, worker)
        if len(stretch.ahead_locked()) < some:
            taken_back.set()

    monkeypatch.setattr(Stretch, "_recall_locked", watched)
    with EnclaveExecutor(1) as executor:
        for n in range(40):  # until it is known what they take
            assert executor.submit(tasks.double, n).result(WAIT) == 2 * n
        gate = tmp_path / "gate"
        first = executor.submit(tasks.stand_at, str(gate))
        futures = [executor.submit(tasks.double, n) for n in range(500)]
        N.stop_at(POINT)
        gate.touch()
        assert N.await_stop(POINT, WAIT)
        back = taken_back.wait(WAIT)  # the host's patience is short
        N.let_go(POINT)
        assert back, "nothing was handed over ahead, or nothing taken back"
        assert first.result(WAIT) is True
        assert [future.result(WAIT) for future in futures] == [2 * n for n in range(500)]


def test_order_comes_first() -> None:
    """GIVEN several workers THEN none takes tasks ahead: another could begin a later one before them."""
    with EnclaveExecutor(1) as one, EnclaveExecutor(2) as two:
        assert one._core.pool.looks_ahead
        assert not two._core.pool.looks_ahead
