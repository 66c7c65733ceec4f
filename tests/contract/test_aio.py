"""`AsyncEnclave`: awaited runs, tools in tasks, cancellation, sessions, and several loops one after another."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import gc
import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from enclave_subinterp import (
    AsyncEnclave,
    EnclaveUsageError,
    ErrorCode,
    PoolClosedError,
    QueueFullError,
    QueueTimeoutError,
    RunResult,
    SessionClosedError,
    WorkerPoolConfig,
    WorkerPoolPresets,
    _native,
)

WAIT = 20.0  # seconds in which whatever is waited for has happened
ENDLESS = "while True: pass"
SUBMISSIONS = 20_000 if "ENCLAVE_STRESS_SECONDS" in os.environ else 2_000


def pool(**changes: Any) -> WorkerPoolConfig:
    return dataclasses.replace(
        WorkerPoolPresets.STANDARD, **{"min_workers": 1, "max_workers": 2, "queue_timeout": WAIT, **changes}
    )


def on_loop(
    main: Callable[[AsyncEnclave], Coroutine[Any, Any, Any]],
    *,
    config: WorkerPoolConfig | None = None,
    **options: Any,
) -> Any:
    """Run a coroutine function with an enclave on a loop of its own."""

    async def whole() -> Any:
        async with AsyncEnclave(worker_pool_config=config or pool(), **options) as enclave:
            return await asyncio.wait_for(main(enclave), 3 * WAIT)

    return asyncio.run(whole())


def code(result: RunResult) -> ErrorCode | None:
    return None if result.error is None else result.error.code


# --- runs -----------------------------------------------------------------------------------------------------------


def test_runs_and_their_errors() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        assert (await enclave.run("x + 1", globals={"x": 1})).unwrap() == 2
        assert code(await enclave.run("1 / 0")) is ErrorCode.EXECUTION_ERROR
        assert code(await enclave.run("1 +")) is ErrorCode.VALIDATION_ERROR
        assert code(await enclave.run(ENDLESS, timeout=0.02)) is ErrorCode.TIMEOUT
        assert code(await enclave.run("import os; os.abort()")) is ErrorCode.WORKER_CRASHED
        assert (await enclave.run("print('out')")).stdout == "out\n"
        with pytest.raises(TypeError, match="code: expected"):
            await enclave.run(1)  # type: ignore[arg-type]
        many = await asyncio.gather(*(enclave.run(f"{n} * 2") for n in range(50)))
        assert [result.value for result in many] == [2 * n for n in range(50)]
        assert enclave.stats().total_executions == 56

    on_loop(main)


def test_no_thread_waits_for_a_run() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        await enclave.run("1")
        before = set(threading.enumerate())
        tasks = [asyncio.create_task(enclave.run("call_tool('wait', {})")) for _ in range(10)]
        await entered.acquire()
        new = {thread.name for thread in threading.enumerate() if thread not in before}
        assert new <= {"enclave-upkeep"}  # one for the pool, however many runs
        let_go.set()
        assert [result.value for result in await asyncio.gather(*tasks)] == ["done"] * 10

    async def wait(name: str, args: dict[str, Any]) -> str:
        entered.release()
        await let_go.wait()
        return "done"

    entered, let_go = asyncio.Semaphore(0), asyncio.Event()
    on_loop(main, tool_handler=wait)


def test_the_queue() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        holding = asyncio.create_task(enclave.run(ENDLESS))
        while enclave.stats().active_workers == 0:
            await asyncio.sleep(0)
        waiting = asyncio.create_task(enclave.run("2"))
        while enclave.stats().queue_depth == 0:
            await asyncio.sleep(0)
        with pytest.raises(QueueFullError):
            await enclave.run("3")
        waiting.cancel()  # in the queue
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert enclave.stats().queue_depth == 0
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
        assert (await enclave.run("4")).value == 4

    async def late(enclave: AsyncEnclave) -> None:
        async with enclave.session():
            with pytest.raises(QueueTimeoutError, match=r"queue_timeout is 0\.05 s"):
                await enclave.run("1")

    on_loop(main, config=pool(max_workers=1, max_queue_size=1))
    on_loop(late, config=pool(max_workers=1, queue_timeout=0.05))


def test_cancelling_kills_the_run_and_leaves_a_clean_worker(adapter: str) -> None:
    scripts = [ENDLESS, "call_tool('never', {})"]
    if adapter == "subinterpreter":  # the other does not see into a call of C
        scripts.append("import time\ntime.sleep(100)")

    async def main(enclave: AsyncEnclave) -> None:
        worker = (await enclave.run("1")).stats.worker_id
        for script in scripts:
            task = asyncio.create_task(enclave.run("import builtins\nbuiltins.stain = 1\n" + script))
            while enclave.stats().active_workers == 0:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            after = await enclave.run("import builtins\nhasattr(builtins, 'stain')")
            assert (after.value, after.stats.worker_id) == (False, worker)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await enclave.run(ENDLESS)
        assert enclave.stats().forced_terminations == len(scripts) + 1

    async def never(name: str, args: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    on_loop(main, tool_handler=never, config=pool(max_workers=1))


# --- tools and output -----------------------------------------------------------------------------------------------


def test_tools_are_awaited_in_the_context_of_the_run() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")

    async def main(enclave: AsyncEnclave) -> None:
        async def one(n: int) -> RunResult:
            variable.set(f"run {n}")
            return await enclave.run("call_tool('tool', {'n': n})", globals={"n": n})

        results = await asyncio.gather(*(one(n) for n in range(20)))
        assert [result.value for result in results] == [[n, f"run {n}"] for n in range(20)]

    async def tool(name: str, args: dict[str, Any]) -> list[Any]:
        await asyncio.sleep(0)
        return [args["n"], variable.get()]

    on_loop(main, tool_handler=tool)


def test_a_plain_handler_does_not_hold_up_the_loop() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        task = asyncio.create_task(enclave.run("call_tool('tool', {})"))
        while not entered.is_set():
            await asyncio.sleep(0)
        let_go.set()  # from the loop, which therefore was not held up
        assert (await task).value is True

    def tool(name: str, args: dict[str, Any]) -> bool:
        entered.set()
        return let_go.wait(WAIT) and threading.current_thread() is not threading.main_thread()

    entered, let_go = threading.Event(), threading.Event()
    on_loop(main, tool_handler=tool)


def test_errors_and_time_of_tools() -> None:
    script = """
def call(name):
    try:
        return call_tool(name, {})
    except ToolError as error:
        return [error.name, str(error)]
[call(name) for name in ("fail", "cancel", "slow", "odd", "fine")]
"""

    async def tool(name: str, args: dict[str, Any]) -> Any:
        if name == "fail":
            raise LookupError("no such thing")
        if name == "cancel":
            raise asyncio.CancelledError
        if name == "slow":
            await asyncio.Event().wait()
        return object() if name == "odd" else 1

    async def main(enclave: AsyncEnclave) -> None:
        fail, cancel, slow, odd, fine = (await enclave.run(script)).unwrap()
        assert fail == ["LookupError", "no such thing"]
        assert cancel == ["CancelledError", "tool 'cancel' was cancelled"]
        assert slow[0] == "TimeoutError"
        assert odd[0] == "EncodeError"
        assert fine == 1
        assert code(await enclave.run("while True: call_tool('fine', {})")) is ErrorCode.MAX_TOOL_CALLS

    on_loop(main, tool_handler=tool, tool_timeout=0.05)


def test_what_a_run_leaves_open_is_cancelled() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        async with enclave.session() as session:
            task = asyncio.create_task(session.run("call_tool('wait', {})"))
            await entered.wait()
            assert session.kill()
            assert code(await task) is ErrorCode.ABORTED
            await cancelled.wait()

    async def wait(name: str, args: dict[str, Any]) -> None:
        entered.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    entered, cancelled = asyncio.Event(), asyncio.Event()
    on_loop(main, tool_handler=wait)


def test_output_comes_on_the_thread_of_the_loop() -> None:
    seen: list[tuple[str, str]] = []
    threads: set[int] = set()

    def on_output(stream: str, text: str) -> None:
        threads.add(threading.get_ident())
        seen.append((stream, text))

    async def main(enclave: AsyncEnclave) -> None:
        await enclave.run(
            "import sys\nprint('a')\nprint('b', file=sys.stderr)\nfor n in range(300): print(n)"
        )

    on_loop(main, on_output=on_output)
    assert seen[0] == ("stdout", "a\n")
    assert "".join(text for stream, text in seen if stream == "stderr") == "b\n"
    assert "".join(text for stream, text in seen if stream == "stdout") == "a\n" + "".join(
        f"{n}\n" for n in range(300)
    )
    assert threads == {threading.get_ident()}


def test_output_comes_in_the_context_of_the_run() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable")
    written: dict[int, list[str]] = {n: [] for n in range(20)}

    async def main(enclave: AsyncEnclave) -> None:
        async def one(n: int) -> None:
            variable.set(n)
            await enclave.run("for _ in range(3): print(n)\nprint(n, end='')", globals={"n": n})

        await asyncio.gather(*(one(n) for n in written))

    on_loop(main, on_output=lambda _, text: written[variable.get()].append(text))
    assert {n: "".join(texts) for n, texts in written.items()} == {n: f"{n}\n" * 3 + str(n) for n in written}


def test_workers() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        task = asyncio.create_task(enclave.run("call_tool('wait', {})"))
        await entered.wait()
        (active,) = (worker for worker in enclave.workers() if worker.state == "active")
        let_go.set()
        assert active.id == (await task).stats.worker_id

    async def wait(name: str, args: dict[str, Any]) -> None:
        entered.set()
        await let_go.wait()

    entered, let_go = asyncio.Event(), asyncio.Event()
    on_loop(main, tool_handler=wait)


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_session() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        async with enclave.session(globals={"g": 1}, timeout=WAIT) as session:
            await session.run("x = g")
            mark = await session.checkpoint()
            await session.run("x = 2")
            assert code(await session.run(f"x = 3\n{ENDLESS}", timeout=0.02)) is ErrorCode.TIMEOUT
            assert (await session.run("x")).value == 1
            await session.run("x = 4")
            await session.restore(mark)
            assert (await session.run("x")).value == 1
            other = await session.checkpoint()
            await session.forget(mark)
            with pytest.raises(ValueError, match=f"expected one of this session's .{other}., got {mark}"):
                await session.restore(mark)
            await session.reset()
            assert (await session.run("'x' in globals(), g")).value == (False, 1)
            # WHEN a run is cancelled THEN the session is at its last checkpoint: its start
            await session.run("x = 5")
            task = asyncio.create_task(session.run(ENDLESS))
            await asyncio.sleep(0)
            with pytest.raises(EnclaveUsageError, match="while a run of this session is under way"):
                await session.run("1")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await session.run("'x' in globals()")).value is False
        with pytest.raises(SessionClosedError, match="was called"):
            await session.run("1")
        assert enclave.stats().active_workers == 0

    on_loop(main)


def test_a_session_is_closed_with_its_enclave() -> None:
    async def main() -> None:
        enclave = AsyncEnclave(worker_pool_config=pool())
        async with enclave.session() as session:
            assert not session.closed
            await enclave.close()
            assert session.closed

    asyncio.run(main())


def test_how_sessions_end() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        async with enclave.session() as session:
            assert code(await session.run("import os; os.abort()")) is ErrorCode.WORKER_CRASHED
            with pytest.raises(SessionClosedError, match="SIGABRT"):
                await session.run("1")
        async with enclave.session(idle_timeout=0.02) as session:
            while not session.closed:
                await asyncio.sleep(0.005)
            with pytest.raises(SessionClosedError, match=r"not used for 0\.02 s"):
                await session.run("1")
        async with enclave.session() as session:
            task = asyncio.create_task(session.run(ENDLESS))
            await asyncio.sleep(0.01)
            await session.close()
            assert code(await task) is ErrorCode.ABORTED
        assert enclave.stats().active_workers == 0
        async with enclave.session() as session:
            await enclave.close()
            with pytest.raises(PoolClosedError, match="its sessions with it"):
                await session.run("1")

    on_loop(main)


# --- loops and ends -------------------------------------------------------------------------------------------------


def test_loops_one_after_another_and_no_other_than_its_own() -> None:
    async def main(enclave: AsyncEnclave) -> AsyncEnclave:
        assert (await enclave.run("1")).value == 1
        return enclave

    for _ in range(2):
        enclave = on_loop(main)
        with pytest.raises(EnclaveUsageError, match="another event loop"):
            asyncio.run(enclave.run("1"))


def test_without_async_with() -> None:
    async def main() -> None:
        enclave = AsyncEnclave(worker_pool_config=pool())
        with pytest.raises(EnclaveUsageError, match="before the enclave was entered"):
            enclave.stats()
        with pytest.raises(EnclaveUsageError, match="before the enclave was entered"):
            enclave.workers()
        results = await asyncio.gather(*(enclave.run("1") for _ in range(5)))
        assert [result.value for result in results] == [1] * 5
        await enclave.close()
        await enclave.close()
        with pytest.raises(PoolClosedError):
            await enclave.run("1")

    asyncio.run(main())

    async def unused() -> None:
        enclave = AsyncEnclave()
        await enclave.close()
        with pytest.raises(PoolClosedError):
            await enclave.run("1")

    asyncio.run(unused())


def test_close_ends_what_runs_and_waits() -> None:
    async def main(enclave: AsyncEnclave) -> None:
        tasks = [asyncio.create_task(enclave.run(ENDLESS)) for _ in range(4)]
        while enclave.stats().queue_depth < 3:
            await asyncio.sleep(0)
        await enclave.close()
        running, *waiting = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(running, RunResult)
        assert code(running) is ErrorCode.ABORTED
        assert [type(error) for error in waiting] == [PoolClosedError] * 3

    on_loop(main, config=pool(max_workers=1, graceful_shutdown_timeout=0.05))


def test_a_loop_that_ends_under_its_runs() -> None:
    # GIVEN a run and one that waits WHEN the loop is closed without cancelling them and all is dropped
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # "Task was destroyed but it is pending!"
    enclaves = [AsyncEnclave(worker_pool_config=pool(max_workers=1))]

    async def until(enclave: AsyncEnclave) -> None:
        tasks.extend(asyncio.create_task(enclave.run(ENDLESS)) for _ in range(2))
        while enclave._pool is None or enclave.stats().queue_depth < 1:
            await asyncio.sleep(0)

    tasks: list[asyncio.Task[RunResult]] = []
    loop.run_until_complete(until(enclaves[0]))
    loop.close()
    started = _native.counters()["slots_started"]

    def drop() -> None:  # a collection may come at once
        tasks.clear()
        enclaves.clear()
        while not warned:  # while another thread collects, a collection does nothing
            gc.collect()

    with pytest.warns(ResourceWarning, match="unclosed <AsyncEnclave") as warned:
        drop()
    # THEN the worker has been ended
    assert _native.counters()["slots_ended"] == started


@pytest.mark.timeout(600)
def test_each_of_many_submissions_is_answered_once(adapter: str) -> None:
    """Workers are killed at random: by cancellation, time-out, and, where that is survived, memory and native crash."""
    seed = random.SystemRandom().randrange(10**6)
    dice = random.Random(seed)
    answers: Counter[int] = Counter()
    kinds: Counter[str] = Counter()

    async def one(enclave: AsyncEnclave, n: int, kind: str) -> None:
        if kind == "honest":
            result = await enclave.run("n * 2", globals={"n": n})
            assert result.value == 2 * n, result
        elif kind == "tool":
            result = await enclave.run("call_tool('t', {'n': n})", globals={"n": n})
            assert result.value == n, result
        elif kind == "timeout":
            assert code(await enclave.run(ENDLESS, timeout=0.002)) is ErrorCode.TIMEOUT
        elif kind == "memory":
            result = await enclave.run("x = []\nwhile True: x.append(bytes(1_000_000) + b'x')")
            assert code(result) is ErrorCode.MEMORY_LIMIT_EXCEEDED
        elif kind == "crash":
            assert code(await enclave.run("import os; os.abort()")) is ErrorCode.WORKER_CRASHED
        else:
            task = asyncio.create_task(enclave.run(ENDLESS))
            asyncio.get_running_loop().call_later(dice.uniform(0, 0.01), task.cancel)
            with pytest.raises(asyncio.CancelledError):
                await task
        kinds[kind] += 1
        answers[n] += 1

    async def tool(name: str, args: dict[str, Any]) -> int:
        await asyncio.sleep(0)
        value: int = args["n"]
        return value

    async def main(enclave: AsyncEnclave) -> None:
        weights = {"honest": 80, "tool": 8, "timeout": 4, "cancel": 6}
        if adapter == "subinterpreter":
            weights.update(memory=1, crash=1)
        chosen = dice.choices(list(weights), list(weights.values()), k=SUBMISSIONS)
        async with asyncio.TaskGroup() as group:
            for n, kind in enumerate(chosen):
                group.create_task(one(enclave, n, kind))
        stats = enclave.stats()
        assert (stats.queue_depth, stats.active_workers, stats.condemned_slots) == (0, 0, 0), f"seed {seed}"
        assert stats.contained_crashes == kinds["crash"]

    async def whole() -> None:
        config = pool(max_workers=3, max_queue_size=SUBMISSIONS, queue_timeout=600.0)
        if adapter == "subinterpreter":
            config = dataclasses.replace(config, memory_limit_per_worker=32 * 1024 * 1024)
        async with AsyncEnclave(worker_pool_config=config, tool_handler=tool) as enclave:
            await main(enclave)

    asyncio.run(whole())
    assert answers == Counter(range(SUBMISSIONS)), f"seed {seed}"
    print(f"seed {seed}: {kinds}")
