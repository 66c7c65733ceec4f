"""Whatever fails below, by the n-th call of the core, for every n: the next run is right, or the caller was told why.

`make test` walks through some of the calls, other ones on each version; `make stress` through all of them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from fault_walk import HOST, KERNEL, MEMORY, PYTHON, SLOT
from fault_walkers import walk
from slots import STUCK, answer, begin, child, make, native, run, settle

N = native()


@pytest.mark.parametrize(("kind", "step", "share"), [("slot", 19, 5), ("pool", 31, 9)])
def test_some_faults(kind: str, step: int, share: int) -> None:
    # GIVEN lives of slots, of enclaves WHEN one call of the core fails in each THEN they are whole, or say so
    walked = walk(kind, step, share, timeout=110.0)
    print(walked, dict(walked.names))
    assert not walked.broken, "\n".join(walked.broken)
    assert walked.injected >= 3


# --- One by one: what the walks have found ---------------------------------------------------------------------------


@contextmanager
def faults(kinds: int, sides: int, n: int = 1, times: int = 1) -> Iterator[list[Any]]:
    """The n-th call of these kinds fails inside; the list tells afterwards: calls seen, failed, the first's name."""
    told: list[Any] = []
    N.plan_faults(kinds, sides, n, times)
    try:
        yield told
    finally:
        told.extend(N.faults())


@pytest.fixture
def slot() -> Iterator[Any]:
    made = make()
    yield made
    assert made.close(STUCK)


def test_the_end_of_a_run_is_told_without_memory(slot: Any) -> None:
    # GIVEN a slot's thread that gets no memory any more WHEN its run ends THEN the host hears of it
    run_id = begin(slot, "while True: pass", timeout=0.02)
    with faults(MEMORY, SLOT, times=1000):
        assert answer(slot, run_id)[:2] == (N.OUTCOME_HALTED, N.HALT_TIMEOUT)
    assert run(slot, "1 + 1").value == 2


def test_an_event_that_cannot_be_shown_is_not_lost(slot: Any) -> None:
    # GIVEN a run that has ended WHEN the host has no memory to hear it THEN it hears it when it asks again
    run_id = begin(slot, "1 + 1")
    settle_without_hearing(slot)
    for n in range(1, 100):
        with faults(PYTHON, HOST, n) as told:
            try:
                event = slot.next_event(STUCK)
            except MemoryError:
                event = None
        if not told[1]:
            break
        assert event is None, f"{told[2]} failed, and nobody was told"
    assert n > 10
    assert event[:2] == (N.EVENT_DONE, run_id)
    assert N.decode(event[2].payload) == 2


def settle_without_hearing(slot: Any) -> None:
    while slot.state != N.STATE_IDLE or slot.run_count == 0:
        with suppress(N.NativeError):
            slot.wait_ready(0.001)


def test_output_is_told_or_an_error_is(slot: Any) -> None:
    for n in range(1, 100):
        with faults(MEMORY, SLOT, n) as told:
            run_id = begin(slot, "print('a')\n1", stream=True)
            said = b""
            while (event := slot.next_event(STUCK))[0] != N.EVENT_DONE:
                said += event[2]
        if not told[1]:
            break
        assert event[1] == run_id
        assert said == b"a\n" or event[2].outcome == N.OUTCOME_ERROR, f"{told[2]} failed, and nobody was told"
        settle(slot)
    assert n > 1


START = """
for n in (1, 2, 4, 6, 8, 12, 16):
    N.plan_faults(8, 2, n, 1)
    made = make(wait=False)
    try:
        made.wait_ready(STUCK)
        said = "started"
    except N.NativeError as error:
        said = str(error)
    N.faults()
    assert made.close(STUCK) and "memory limit" in said, (n, said)
report(last=n)
"""


def test_a_start_at_the_limit_fails() -> None:
    # GIVEN an allocation of a start at the limit, the first ones where the interpreter cannot be left: a lock of the
    # runtime is held (then its first run was struck), or there is no GIL yet (then, on 3.12, the process died)
    ended = child("N = native()\n" + START)
    # THEN the start fails, and nothing else
    ended.check()
    assert ended.reports[0]["last"] == 16


@pytest.mark.parametrize("what", ["pthread_getattr_np", "pthread_getcpuclockid", "sigaltstack"])
def test_a_thread_that_cannot_be_prepared(what: str) -> None:
    # Without the bounds of its stack, what was given back after an unwind was all of the process's memory below it.
    for n in range(1, 20):
        with faults(KERNEL, SLOT, n) as told:
            made = make(wait=False)
            try:
                failed = not made.wait_ready(STUCK)
            except N.NativeError as error:
                failed = "could not be prepared" in str(error)
        assert made.close(STUCK)
        if told[2] == what:
            assert failed
            return
    pytest.fail(f"{what} was not called")


def test_a_checkpoint_whose_number_cannot_be_told(slot: Any) -> None:
    run(slot, "x = 1", keep=True)
    with faults(PYTHON, HOST), pytest.raises(MemoryError):
        slot.checkpoint()
    assert slot.checkpoint_memory == 0


def test_an_awaited_run_that_cannot_be_heard() -> None:
    from enclave_subinterp import AsyncEnclave

    async def main() -> int:
        heard = 0
        async with AsyncEnclave(tool_handler=lambda name, args: "x" * 100) as enclave:
            await enclave.run("1")
            for n in range(1, 60):
                with faults(MEMORY | PYTHON, HOST, n) as told:
                    try:
                        await asyncio.wait_for(enclave.run("call_tool('t', {})"), STUCK)
                    except MemoryError:
                        heard += 1
                if not told[1]:
                    break
            assert (await enclave.run("1 + 1")).value == 2
        return heard

    # WHEN any one call of the core fails on the host's side THEN the await ends, by its result or MemoryError
    assert asyncio.run(main()) > 5


def test_a_thread_for_the_loop_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from enclave_subinterp import AsyncEnclave

    def fails(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def main() -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", fails)
            async with AsyncEnclave() as enclave:
                return (await enclave.run("1 + 1")).value

    assert asyncio.run(main()) == 2


# --- All of them ------------------------------------------------------------------------------------------------


@pytest.mark.stress
@pytest.mark.parametrize(("kind", "least"), [("slot", 5000), ("guarded slot", 5000), ("pool", 5000)])
def test_every_fault(kind: str, least: int, capsys: pytest.CaptureFixture[str]) -> None:
    def tell(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    walked = walk(kind, 1, 1, len(os.sched_getaffinity(0)), timeout=3500.0, tell=tell)
    tell(f"{kind}: {walked}; {walked.missed} not met")
    assert not walked.broken, "\n".join(walked.broken)
    assert walked.injected >= least
    # THEN they were of every kind, signals too, and hardly one was missed
    assert {"malloc", "mmap", "PyTuple_New", "range", "pthread_kill", "futex"} <= walked.names.keys()
    assert walked.missed < walked.injected / 50
