"""The public names as a program uses them, for the type checkers alone: nothing here runs.

mypy and pyright both read it strictly (`make check`); a use that must not pass says so to each of them.  A test sees to
it that every public name is in here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from typing import Any, assert_type

import enclave_subinterp
from enclave_subinterp import (
    AsyncEnclave,
    AsyncSession,
    BrokenEnclaveError,
    Capabilities,
    CheckpointLimitError,
    Enclave,
    EnclaveError,
    EnclaveExecutor,
    EnclaveFuture,
    EnclaveUsageError,
    ErrorCode,
    ErrorInfo,
    ExecutionAbortedError,
    GuestError,
    LevelLimits,
    PoolClosedError,
    PoolStats,
    QueueFullError,
    QueueTimeoutError,
    RecycleReason,
    RemoteError,
    RunHandle,
    RunResult,
    RunStats,
    SecurityLevel,
    Session,
    SessionClosedError,
    TaskCrashedError,
    TaskExitedError,
    TaskKilledError,
    TaskMemoryError,
    TaskTimeoutError,
    UnsupportedModuleError,
    UnsupportedPlatformError,
    WorkerInfo,
    WorkerPoolConfig,
    WorkerPoolPresets,
    WorkerStartupError,
    capabilities,
    report_progress,
    run,
)


def handler(name: str, args: dict[str, Any]) -> object:
    return args.get(name)


async def async_handler(name: str, args: dict[str, Any]) -> object:
    await asyncio.sleep(0)
    return args.get(name)


def results(result: RunResult) -> None:
    assert_type(result.success, bool)
    assert_type(result.value, Any)
    assert_type(result.error, ErrorInfo | None)
    assert_type(result.stdout, str)
    assert_type(result.stderr, str)
    assert_type(result.unwrap(), Any)
    stats: RunStats = result.stats
    assert_type((stats.duration, stats.cpu_time, stats.queue_time), tuple[float, float, float])
    assert_type((stats.tool_call_count, stats.message_count), tuple[int, int])
    assert_type((stats.iteration_count, stats.peak_memory, stats.worker_id), tuple[int, int, int])
    if result.error is not None:
        assert_type(result.error.code, ErrorCode)
        assert_type((result.error.name, result.error.message), tuple[str, str])
        assert_type(result.error.stack, str | None)
        assert_type(result.error.data, dict[str, Any] | None)
        if result.error.code is ErrorCode.TIMEOUT:
            print(result.error.code.value.lower())
    result.success = True  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def enclaves(config: WorkerPoolConfig) -> None:
    def on_output(stream: str, text: str) -> None:
        print(stream, text)

    with Enclave(
        adapter="subinterpreter",
        security_level=SecurityLevel.STRICT,
        worker_pool_config=config,
        tool_handler=handler,
        timeout=5.0,
        cpu_limit=None,
        tool_timeout=1,
        max_tool_calls=50,
        max_iterations=None,
        globals={"x": 1},
        allowed_modules={"math", "json"},
        pristine=True,
        on_output=on_output,
    ) as enclave:
        assert_type(enclave, Enclave)
        results(enclave.run("x", timeout=1, globals={"y": 2}))
        handle = enclave.submit("x")
        assert_type(handle, RunHandle)
        assert_type(handle.result(timeout=1.0), RunResult)
        assert_type((handle.kill(), handle.done(), handle.running()), tuple[bool, bool, bool])
        handle.add_done_callback(lambda ended: results(ended.result()))
        with enclave.session(timeout=1.0, max_tool_calls=2, globals={}, idle_timeout=60) as session:
            sessions(session)
        statistics(enclave.stats())
        workers(enclave.workers())
        enclave.run(b"x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    results(run("1 + 1", timeout=1.0, globals={}, security_level="STRICT", worker_pool_config=config))


def sessions(session: Session) -> None:
    results(session.run("x = 1", timeout=1.0, globals={}))
    checkpoint = session.checkpoint()
    assert_type(checkpoint, int)
    session.restore(checkpoint)
    session.forget(checkpoint)
    session.reset()
    assert_type((session.kill(), session.closed), tuple[bool, bool])
    session.close()


async def awaited() -> None:
    async with AsyncEnclave(tool_handler=async_handler, security_level="SECURE") as enclave:
        assert_type(enclave, AsyncEnclave)
        results(await enclave.run("x", timeout=1.0))
        async with enclave.session() as session:
            assert_type(session, AsyncSession)
            results(await session.run("x"))
            checkpoint = await session.checkpoint()
            await session.restore(checkpoint)
            await session.forget(checkpoint)
            await session.reset()
            await session.close()
        statistics(enclave.stats())


def tasks(config: WorkerPoolConfig) -> None:
    def double(n: int) -> int:
        report_progress({"n": n})
        return 2 * n

    with EnclaveExecutor(2, task_timeout=1.0, memory_limit_per_worker=1 << 28, config=config) as executor:
        everywhere: Executor = executor
        future = executor.submit(double, 2)
        assert_type(future, EnclaveFuture)
        anywhere: Future[Any] = future
        assert_type(future.kill(), bool)
        own = executor.options(timeout=0.5, memory_limit=1 << 27, on_progress=print)
        assert_type(own.submit(double, 2).kill(), bool)
        doubled: Iterator[int] = executor.map(double, range(3), timeout=1.0, chunksize=2)
        statistics(executor.stats())
        workers(executor.workers())
        print(everywhere, anywhere, list(doubled))


def statistics(stats: PoolStats) -> None:
    assert_type((stats.active_workers, stats.idle_workers, stats.total_workers), tuple[int, int, int])
    assert_type((stats.avg_execution_time, stats.avg_worker_memory), tuple[float, float])
    assert_type(stats.timestamp, float)


def workers(listed: list[WorkerInfo]) -> None:
    for worker in listed:
        assert_type((worker.id, worker.executions, worker.memory), tuple[int, int, int])
        assert_type(worker.name, str)
        assert_type(worker.interpreter_id, int | None)
        if worker.state == "idle":
            print(worker.interpreter())


def configured() -> WorkerPoolConfig:
    def on_recycled(reason: RecycleReason) -> None:
        print(reason is RecycleReason.MEMORY_LIMIT)

    limits: LevelLimits = SecurityLevel.STANDARD.limits
    assert_type((limits.timeout, limits.max_iterations), tuple[float, int | None])
    preset = WorkerPoolPresets.STRICT
    assert_type(preset, WorkerPoolConfig)
    config = replace(preset, max_workers=2, on_worker_recycled=on_recycled, on_stats_update=statistics)
    WorkerPoolConfig(on_native_crash="explode")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(WorkerPoolConfig.from_env("APP_", base=config), WorkerPoolConfig)
    return WorkerPoolConfig.from_dict(config.to_dict(), base=config)


def enforced() -> None:
    found: Capabilities = capabilities("inline")
    assert_type((found.hard_halt, found["rewind"]), tuple[bool, bool])
    print({name: found[name] for name in found}, found.details["seccomp"], enclave_subinterp.__version__)


def failures(error: EnclaveError) -> object:
    if isinstance(error, QueueFullError):
        return assert_type((error.queue_depth, error.max_queue_size), tuple[int, int])
    if isinstance(error, QueueTimeoutError):
        return assert_type((error.waited, error.queue_timeout), tuple[float, float])
    if isinstance(error, TaskTimeoutError):
        return assert_type(error.limit, float)
    usage: tuple[type[EnclaveUsageError], ...] = (EnclaveUsageError, PoolClosedError, SessionClosedError)
    aborted: tuple[type[ExecutionAbortedError], ...] = (
        TaskKilledError, TaskTimeoutError, TaskMemoryError, TaskCrashedError, TaskExitedError,
    )  # fmt: skip
    broken: type[BrokenExecutor] = BrokenEnclaveError
    kinds: tuple[type[EnclaveError], ...] = (
        CheckpointLimitError, UnsupportedModuleError, UnsupportedPlatformError, WorkerStartupError,
    )  # fmt: skip
    return usage, aborted, broken, kinds, GuestError, RemoteError


async def streamed(enclave: AsyncEnclave, codes: list[str]) -> AsyncIterator[RunResult]:
    for code in codes:
        yield await enclave.run(code)
