"""Tasks in line while the slot is late: none is lost, and none overtakes another."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from enclave_subinterp import EnclaveExecutor, _native
from enclave_subinterp._adapters import task_queue
from enclave_subinterp._pool.line import Line
from tests.contract import executor_tasks as tasks

POINT = "answer out"
WAIT = 20.0
N: Any = _native


def test_those_that_are_taken_back_run_nevertheless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GIVEN tasks ahead WHEN one takes long, and its slot is late afterwards THEN those behind it run nevertheless."""
    monkeypatch.setattr(task_queue, "_SHORT_NS", 1e12)  # however busy the machine is, these are short
    monkeypatch.setattr(task_queue, "_AHEAD_NS", 1e15)
    taken_back = threading.Event()
    put_back = Line.put_back_locked

    def watched(line: Line) -> None:
        some = len(line.tickets)
        put_back(line)
        if len(line.tickets) < some:
            taken_back.set()

    monkeypatch.setattr(Line, "put_back_locked", watched)
    with EnclaveExecutor(1) as executor:
        for n in range(40):  # until it is known what they take
            assert executor.submit(tasks.double, n).result(WAIT) == 2 * n
        gate = tmp_path / "gate"
        first = executor.submit(tasks.double, 1)
        held = executor.submit(tasks.stand_at, str(gate))
        futures = [executor.submit(tasks.double, n) for n in range(500)]
        assert first.result(WAIT) == 2
        assert taken_back.wait(WAIT), "nothing was handed over ahead, or nothing taken back"
        N.stop_at(POINT)
        gate.touch()
        assert N.await_stop(POINT, WAIT)
        N.let_go(POINT)
        assert held.result(WAIT) is True
        assert [future.result(WAIT) for future in futures] == [2 * n for n in range(500)]
