"""The pool behind `Enclave`, over the real core: queue, workers, kill, close, exit, misuse and interruption.

Nothing waits by sleeping: a worker is held by a tool call that waits for an event, and whatever was submitted is in the
queue when `submit` returns.
"""

import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from enclave_subinterp import (
    Enclave,
    EnclaveUsageError,
    ErrorCode,
    ErrorInfo,
    PoolClosedError,
    QueueFullError,
    QueueTimeoutError,
    RecycleReason,
    RunHandle,
    RunResult,
    WorkerPoolConfig,
)

WAIT = 20.0  # seconds after which something that must happen has not happened
ENDLESS = "while True: pass"


def one(**fields: Any) -> WorkerPoolConfig:
    """A pool of one worker."""
    settings = {"min_workers": 1, "max_workers": 1, "graceful_shutdown_timeout": 0.0, "max_queue_size": 2}
    return WorkerPoolConfig(**{**settings, **fields})


def failed(result: RunResult, code: ErrorCode) -> ErrorInfo:
    """The error of a run that failed as it should."""
    assert result.error is not None
    assert result.error.code is code, result.error
    return result.error


class Hold:
    """A tool that keeps its worker until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.let_go = threading.Event()

    def __call__(self, name: str, args: dict[str, Any]) -> Any:
        self.entered.release()
        assert self.let_go.wait(WAIT)
        return args

    def take(self, enclave: Enclave, code: str = "call_tool('hold', {}); 'held'") -> RunHandle:
        """Submit a script that holds a worker, and wait until it does."""
        handle = enclave.submit(code)
        assert self.entered.acquire(timeout=WAIT)
        return handle


@pytest.fixture
def hold() -> Iterator[Hold]:
    tool = Hold()
    yield tool
    tool.let_go.set()  # whatever went wrong, no thread of a handler stays behind


def child(script: str, code: int = 0) -> str:
    """Run a script in a process of its own: its output, after the exit code was checked."""
    script = f"import os, sys, threading\nfrom enclave_subinterp import *\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout


# --- handles --------------------------------------------------------------------------------------------------------


def test_kill_a_running_a_waiting_and_a_finished_script(hold: Hold) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=hold) as enclave:
        running = hold.take(enclave, "call_tool('hold', {})\n" + ENDLESS)
        waiting = enclave.submit("1")
        assert (running.running(), running.done(), waiting.running(), waiting.done()) == (
            True,
            False,
            False,
            False,
        )
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0)
        soon: Any = "soon"
        with pytest.raises(TypeError, match=r"^timeout: expected seconds or None, got str 'soon'"):
            waiting.result(timeout=soon)
        assert waiting.kill()
        hold.let_go.set()
        assert running.kill()
        for handle in (running, waiting):
            failed(handle.result(WAIT), ErrorCode.ABORTED)
            assert handle.done()
            assert not handle.running()
            assert not handle.kill()
        assert enclave.submit("2").result(WAIT).value == 2


def test_done_callbacks(caplog: pytest.LogCaptureFixture, hold: Hold) -> None:
    seen: list[tuple[int, RunHandle]] = []
    called = threading.Event()
    with Enclave(worker_pool_config=one(), tool_handler=hold) as enclave:
        handle = hold.take(enclave)
        handle.add_done_callback(lambda h: seen.append((1, h)))
        handle.add_done_callback(lambda h: seen[5])
        handle.add_done_callback(lambda h: called.set())
        hold.let_go.set()
        assert called.wait(WAIT)
        handle.add_done_callback(lambda h: seen.append((2, h)))
    assert seen == [(1, handle), (2, handle)]
    assert "a done callback of a run raised" in caplog.text


# --- queue and pool --------------------------------------------------------------------------------------------------


def test_the_queue_is_bounded_and_in_order(hold: Hold) -> None:
    order: list[int] = []
    with Enclave(worker_pool_config=one(max_queue_size=3), tool_handler=hold) as enclave:
        hold.take(enclave)
        handles = [enclave.submit(str(n)) for n in range(3)]
        for number, handle in enumerate(handles):
            handle.add_done_callback(lambda _, number=number: order.append(number))  # type: ignore[misc]
        assert enclave.stats().queue_depth == 3
        for refused in (enclave.run, enclave.submit):
            with pytest.raises(QueueFullError, match="3 scripts wait; max_queue_size is 3") as caught:
                refused("4")
            assert (caught.value.queue_depth, caught.value.max_queue_size) == (3, 3)
        hold.let_go.set()
        assert [handle.result(WAIT).value for handle in handles] == [0, 1, 2]
        assert all(handle.result().stats.queue_time > 0 for handle in handles)
    assert order == [0, 1, 2]


def test_waiting_has_an_end(hold: Hold) -> None:
    with Enclave(worker_pool_config=one(queue_timeout=0.05), tool_handler=hold) as enclave:
        hold.take(enclave)
        submitted = enclave.submit("1")
        with pytest.raises(QueueTimeoutError, match=r"queue_timeout is 0\.05 s") as caught:
            enclave.run("2")
        assert caught.value.waited >= caught.value.queue_timeout == 0.05
        with pytest.raises(QueueTimeoutError):
            submitted.result(WAIT)
        assert enclave.stats().queue_depth == 0
        hold.let_go.set()


def test_workers_are_added_under_load_and_replaced_when_used_up(hold: Hold) -> None:
    reasons: list[RecycleReason] = []
    config = one(max_workers=3, max_executions_per_worker=2, on_worker_recycled=reasons.append)
    with Enclave(worker_pool_config=config, tool_handler=hold) as enclave:
        assert enclave.stats().total_workers == 1
        held = [hold.take(enclave) for _ in range(3)]
        stats = enclave.stats()
        assert (stats.total_workers, stats.active_workers, stats.idle_workers) == (3, 3, 0)
        hold.let_go.set()
        assert len({handle.result(WAIT).stats.worker_id for handle in held}) == 3
        before = enclave.stats().total_executions
        served = [enclave.run("1").stats.worker_id for _ in range(8)]
        assert all(served.count(worker) <= 2 for worker in served)
        assert reasons.count(RecycleReason.MAX_EXECUTIONS) >= 3
        assert enclave.stats().total_executions - before == 8


def test_the_counters_and_reasons_add_up(caplog: pytest.LogCaptureFixture) -> None:
    reasons: list[RecycleReason] = []

    def recycled(reason: RecycleReason) -> None:
        reasons.append(reason)
        raise LookupError("callback")

    config = one(on_worker_recycled=recycled, memory_limit_per_worker=64 << 20)
    with Enclave(worker_pool_config=config) as enclave:
        for code in ("1", "1/0", "[bytearray(1 << 20) for _ in range(300)]", "import os\nos.abort()", "2"):
            enclave.run(code)
        enclave.run(ENDLESS, timeout=0.02)
        stats = enclave.stats()
        assert reasons == [RecycleReason.MEMORY_LIMIT, RecycleReason.CRASH, RecycleReason.TIMEOUT]
    assert (stats.total_executions, stats.successful_executions, stats.failed_executions) == (6, 2, 4)
    assert (stats.timeout_executions, stats.memory_kills, stats.contained_crashes) == (1, 1, 1)
    assert (stats.forced_terminations, stats.worker_recycles, stats.condemned_slots) == (2, 3, 0)
    assert stats.avg_execution_time > 0
    assert 0 < stats.avg_worker_memory <= stats.max_worker_memory <= 64 << 20
    assert reasons[3:] == [RecycleReason.SHUTDOWN]
    assert "on_worker_recycled raised" in caplog.text


def test_eight_threads_of_fifty_runs() -> None:
    failures: list[object] = []

    def work(number: int) -> None:
        for turn in range(50):
            code = f"x = globals().get('x', 0) + {number}\ncall_tool('t', {{'n': x}})['n'] + {turn}"
            result = enclave.run(code) if turn % 2 else enclave.submit(code).result(WAIT)
            if result.value != number + turn:
                failures.append(result)

    with Enclave(
        worker_pool_config=one(max_workers=3, max_queue_size=8), tool_handler=lambda _, args: args
    ) as enclave:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        stats = enclave.stats()
    assert (stats.total_executions, stats.failed_executions, stats.active_workers, stats.queue_depth) == (
        400,
        0,
        0,
        0,
    )


# --- close -----------------------------------------------------------------------------------------------------------


def test_close_gives_what_runs_and_waits_its_time(hold: Hold) -> None:
    enclave = Enclave(worker_pool_config=one(graceful_shutdown_timeout=WAIT), tool_handler=hold)
    running, waiting = hold.take(enclave), enclave.submit("'waited'")
    closing = threading.Thread(target=enclave.close)
    running.add_done_callback(lambda _: closing.join(0))
    closing.start()
    hold.let_go.set()
    closing.join(WAIT)
    assert not closing.is_alive()
    assert (running.result(0).value, waiting.result(0).value) == ("held", "waited")


def test_close_halts_what_does_not_end(hold: Hold) -> None:
    enclave = Enclave(worker_pool_config=one(), tool_handler=hold)
    hold.let_go.set()
    running = hold.take(enclave, "call_tool('hold', {})\n" + ENDLESS)
    waiting = enclave.submit("1")
    enclave.close()
    error = failed(running.result(WAIT), ErrorCode.ABORTED)
    assert "closed" in error.message
    with pytest.raises(PoolClosedError):
        waiting.result(WAIT)
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("enclave-driver")]
    assert names == []


@pytest.mark.parametrize("where", ["tool", "done", "recycled"])
def test_close_from_a_callback(where: str) -> None:
    box: list[Enclave] = []
    closed = threading.Event()

    def close(*_: object) -> None:
        box[0].close()
        closed.set()

    config = one(max_executions_per_worker=1, on_worker_recycled=close if where == "recycled" else None)
    box.append(Enclave(worker_pool_config=config, tool_handler=close))
    handle = box[0].submit("call_tool('x', {})" if where == "tool" else "1")
    if where == "done":
        handle.add_done_callback(close)
    assert closed.wait(WAIT)
    result = handle.result(WAIT)
    if where != "done" and result.error is not None:
        failed(result, ErrorCode.ABORTED)
    with pytest.raises(PoolClosedError):
        box[0].run("1")


def test_a_closed_enclave_says_so() -> None:
    enclave = Enclave(worker_pool_config=one())
    assert "open" in repr(enclave)
    enclave.close()
    enclave.close()
    uses: list[Callable[[], object]] = [
        lambda: enclave.run("1"),
        lambda: enclave.submit("1"),
        enclave.__enter__,
    ]
    for use in uses:
        with pytest.raises(PoolClosedError, match="closed enclave"):
            use()
    assert enclave.stats().total_workers == 0
    assert "closed" in repr(enclave)


def test_a_dropped_enclave_is_closed_with_a_warning() -> None:
    def drop() -> None:
        Enclave(worker_pool_config=one())
        gc.collect()

    with pytest.warns(ResourceWarning, match="unclosed <Enclave"):
        drop()


def test_exit_without_close() -> None:
    script = f"""
config = dataclasses.replace(WorkerPoolPresets.STRICT, graceful_shutdown_timeout=0.1)
enclave = Enclave(worker_pool_config=config, timeout=float("inf"), tool_handler=lambda n, a: begun.set())
begun = threading.Event()
handle = enclave.submit("call_tool('x', {{}})\\n{ENDLESS}")
begun.wait(10)
handle.add_done_callback(lambda h: print(h.result().error.code))
"""
    assert child("import dataclasses" + script).split() == ["ABORTED"]


def test_exit_tells_a_script_that_waits_behind_a_session() -> None:
    """GIVEN a thread that the exit waits for, and that waits for a script WHEN it cannot begin THEN it is told."""
    script = """
config = WorkerPoolConfig(min_workers=1, max_workers=1, graceful_shutdown_timeout=0.0)
enclave = Enclave(worker_pool_config=config)
session = enclave.session()
handle = enclave.submit("1")
def wait():
    try:
        handle.result(20)
    except PoolClosedError as error:
        print(error)
threading.Thread(target=wait).start()
"""
    assert child(script) == "the process exited before the script could begin\n"


# --- misuse and interruption ----------------------------------------------------------------------------------------


def test_a_signal_handler_inside_our_own_work_gets_an_error_and_no_deadlock() -> None:
    """GIVEN the pool's lock held by this thread WHEN a signal handler uses the enclave THEN it is told at once."""
    told: list[str] = []

    def handler(number: int, frame: object) -> None:
        for use in (lambda: enclave.run("1"), lambda: enclave.submit("1"), enclave.stats, enclave.close):
            with pytest.raises(EnclaveUsageError, match="signal handler") as caught:
                use()
            told.append(str(caught.value))

    with Enclave(worker_pool_config=one()) as enclave:
        before = signal.signal(signal.SIGUSR1, handler)
        try:
            with enclave._pool.lock:  # type: ignore[union-attr]
                signal.raise_signal(signal.SIGUSR1)
        finally:
            signal.signal(signal.SIGUSR1, before)
        assert len(told) == 4
        assert enclave.run("1").unwrap() == 1


def test_keyboard_interrupt_ends_the_run_at_once() -> None:
    script = f"""
import signal, time
out = []
def heard(stream, text):
    out.append(time.monotonic())
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
config = WorkerPoolConfig(min_workers=1, max_workers=1)
with Enclave(worker_pool_config=config, on_output=heard) as enclave:
    try:
        enclave.run("print('begun')\\n{ENDLESS}", timeout=50)
    except KeyboardInterrupt:
        print(time.monotonic() - out[0] < 5)
    stats = enclave.stats()
    print(stats.active_workers, stats.total_workers, stats.forced_terminations, enclave.run("'alive'").value)
"""
    assert child(script).split() == ["True", "0", "1", "1", "alive"]


@pytest.mark.parametrize("leave", ["os._exit(0)", "sys.exit(0)"])
def test_after_fork_the_child_is_told(leave: str) -> None:
    script = f"""
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
config = WorkerPoolConfig(min_workers=1, max_workers=1)
begun, go = threading.Event(), threading.Event()
enclave = Enclave(worker_pool_config=config, tool_handler=lambda n, a: (begun.set(), go.wait(20))[1])
handle = enclave.submit("call_tool('x', {{}})")
begun.wait(20)
pid = os.fork()
if not pid:
    for use in (lambda: enclave.run("1"), lambda: enclave.submit("1"), enclave.stats, handle.result, handle.kill):
        try:
            use()
        except EnclaveUsageError as error:
            assert "fork" in str(error)
        else:
            os._exit(3)
    enclave.close()
    {leave}
go.set()
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), handle.result(20).value, enclave.run("7").value)
enclave.close()
"""
    assert child(script).split() == ["0", "True", "7"]


def test_in_a_subinterpreter_it_is_said_at_once() -> None:
    script = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
interpreters.run_string(interpreters.create(), '''if True:
    from enclave_subinterp import Enclave, EnclaveUsageError
    try:
        Enclave()
    except EnclaveUsageError as error:
        print("told:", error, flush=True)
''')
"""
    assert child(script).startswith("told: an Enclave can be made in the main interpreter only")
