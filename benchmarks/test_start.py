"""The start of a worker beside the making of a bare isolated subinterpreter.

Bare: neither has imported anything.  Warm: the worker has its runtime and modules and its snapshot; the bare
interpreter has imported the same modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import _measure

if TYPE_CHECKING:
    from enclave_subinterp._native import Slot

ROUNDS = 25


def start_worker(benchmark: Any, text: bytes) -> None:
    made: list[Slot] = []

    def end_last() -> None:
        while made:
            assert made.pop().close(10.0)

    _measure.prepare_host()
    benchmark.pedantic(
        lambda: made.append(_measure.make_slot(text)), setup=end_last, rounds=ROUNDS, warmup_rounds=2
    )
    end_last()


def start_plain(benchmark: Any, script: str | None) -> None:
    made: list[_measure.Plain] = []

    def end_last() -> None:
        while made:
            made.pop().destroy()

    def start() -> None:
        made.append(_measure.Plain())
        if script is not None:
            made[0].exec(script)

    _measure.prepare_host()
    benchmark.pedantic(start, setup=end_last, rounds=ROUNDS, warmup_rounds=2)
    end_last()


@pytest.fixture(scope="module")
def modules() -> list[str]:
    with _measure.ready_slot() as slot:
        found = _measure.run(slot, _measure.encode_script("import sys; sorted(sys.modules)"))
    assert isinstance(found, list)
    return found


def test_worker_bare(benchmark: Any) -> None:
    benchmark.group = "start, bare"
    start_worker(benchmark, _measure.EMPTY_BOOTSTRAP)


def test_create_bare(benchmark: Any) -> None:
    benchmark.group = "start, bare"
    start_plain(benchmark, None)


def test_worker_warm(benchmark: Any) -> None:
    benchmark.group = "start, warm"
    start_worker(benchmark, _measure.bootstrap())


def test_create_warm(benchmark: Any, modules: list[str]) -> None:
    benchmark.group = "start, warm"
    start_plain(benchmark, _measure.import_script(modules))
