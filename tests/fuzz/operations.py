"""Fuzzes a pool with all that one can do to it: ``python operations.py SECONDS SEED LAST`` (see hammer.py).

The model knows what each script may come to.  Every one that was taken is answered exactly once and so, the pool's
figures are those of the answers, and at the end the process has the threads and descriptors that it had at the start.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hammer import PHASES, Last

from enclave_subinterp import (
    CheckpointLimitError,
    Enclave,
    EnclaveError,
    EnclaveUsageError,
    PoolClosedError,
    QueueFullError,
    RunHandle,
    RunResult,
    Session,
    SessionClosedError,
    WorkerPoolPresets,
)

WAIT = 30.0  # seconds in which whatever is waited for has happened
MB = 1024 * 1024
FLOOD = """
import asyncio
async def f(): await asyncio.gather(*[acall_tool("echo", {"n": i}) for i in range(200)])
await f()
"""
# What a script does, and the code that it comes to by itself ("": a value); None: it does not end.
SCRIPTS = {
    "40 + 2": "",
    "import json; json.dumps({'a': [1, 2]})": "",
    "call_tool('echo', {'n': 7})": "",
    "print('x' * 1000)": "",
    "1 / 0": "EXECUTION_ERROR",
    "def": "VALIDATION_ERROR",
    "import os; os.abort()": "WORKER_CRASHED",
    "x = [bytes(1000000) for _ in range(1000)]": "MEMORY_LIMIT_EXCEEDED",
    FLOOD: "MESSAGE_FLOOD",
    "while True: call_tool('echo', {'n': 1})": "MAX_TOOL_CALLS",
    "import time; time.sleep(1000)": None,
    "while True: pass": None,
    "import re; re.match('(a+)+$', 'a' * 60 + 'b')": None,
}  # fmt: skip
ENDING = [code for code, comes_to in SCRIPTS.items() if comes_to is not None]
START_THREADS = threading.active_count()


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def code_of(result: RunResult) -> str:
    return "" if result.error is None else result.error.code.value


def began(result: RunResult) -> bool:
    return result.error is None or "before the script began" not in result.error.message


class Script:
    """One that was submitted, and what it may come to."""

    def __init__(self, enclave: Enclave, code: str, timeout: float) -> None:
        self.may = {"TIMEOUT" if SCRIPTS[code] is None else SCRIPTS[code]}
        if timeout < 1:
            self.may.add("TIMEOUT")
        self.told = 0
        self.over = threading.Event()
        self.counted = False
        self.handle = enclave.submit(code, timeout=timeout)
        self.handle.add_done_callback(self._tell)

    def _tell(self, handle: RunHandle) -> None:
        self.told += 1
        self.over.set()

    def answer(self) -> RunResult | None:
        """The result; None for a refusal."""
        assert self.over.wait(WAIT), "a script was not answered"
        try:
            result = self.handle.result(WAIT)
        except PoolClosedError:
            assert "closed" in self.may, "refused by a pool that is open"
            result = None
        else:
            assert code_of(result) in self.may, f"{result.error} is not in {self.may}"
        assert self.told == 1, f"told {self.told} times"
        return result


class Operations(RuleBasedStateMachine):
    """A pool, its scripts and its sessions."""

    scripts = Bundle("scripts")
    sessions = Bundle("sessions")
    last: Last
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.enclave: Enclave | None = None
        self.all: list[Script] = []
        self.open: list[Session] = []
        self.marks: dict[Session, dict[int, int]] = {}
        self.values: dict[Session, int | None] = {}  # None: the worker has gone
        self.guard = threading.Lock()
        self.log: list[str] = []

    def note(self, what: str) -> None:
        Operations.steps += 1
        self.log.append(what)
        self.last.note("\n".join(self.log))

    # -- pools -------------------------------------------------------------------------------------------------------

    @initialize(
        workers=st.integers(1, 3), queue=st.integers(0, 6), spare=st.integers(0, 1), worn=st.integers(3, 40)
    )
    def make(self, workers: int, queue: int, spare: int, worn: int) -> None:
        self.note(f"make {workers} {queue} {spare} {worn}")
        self.descriptors = descriptors()
        self.reasons: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        config = replace(
            WorkerPoolPresets.STANDARD, min_workers=0, max_workers=workers, max_queue_size=queue, spare_workers=spare,
            max_executions_per_worker=worn, memory_limit_per_worker=48 * MB, graceful_shutdown_timeout=0.0,
            idle_timeout=WAIT * 10, queue_timeout=WAIT * 10, on_worker_recycled=self.recycled,
        )  # fmt: skip
        self.enclave = Enclave(
            worker_pool_config=config,
            timeout=WAIT,
            tool_handler=lambda name, given: given["n"],
            max_tool_calls=150,
        )

    def recycled(self, reason: Any) -> None:
        with self.guard:
            self.reasons[reason.value] += 1

    @rule(workers=st.integers(1, 3), queue=st.integers(0, 6))
    def another_configuration(self, workers: int, queue: int) -> None:
        self.end_pool()
        self.make(workers, queue, 0, 20)

    @rule()
    def fork(self) -> None:
        self.note("fork")
        enclave = self.enclave
        assert enclave is not None
        pid = os.fork()
        if pid == 0:
            status = 1
            with contextlib.suppress(BaseException):
                try:
                    enclave.run("1")
                except EnclaveUsageError:
                    status = 0
            os._exit(status)
        status = os.waitpid(pid, 0)[1]
        assert status == 0, f"the child of a fork ended with {os.waitstatus_to_exitcode(status)}"

    # -- scripts -----------------------------------------------------------------------------------------------------

    def count(self, result: RunResult) -> None:
        if began(result):
            self.codes[code_of(result)] += 1

    @rule(code=st.sampled_from(ENDING), timeout=st.sampled_from((WAIT, 0.003)))
    def run_one(self, code: str, timeout: float) -> None:
        """Only where a worker or a place in the queue comes free by itself."""
        assert self.enclave is not None
        if self.enclave.stats().active_workers:
            return
        self.note(f"run {code!r} {timeout}")
        result = self.enclave.run(code, timeout=timeout)
        assert code_of(result) in {SCRIPTS[code], "TIMEOUT" if timeout < 1 else SCRIPTS[code]}, result
        self.count(result)

    @rule(target=scripts, code=st.sampled_from(list(SCRIPTS)), timeout=st.sampled_from((WAIT, WAIT, 0.003)))
    def submit(self, code: str, timeout: float) -> Any:
        assert self.enclave is not None
        self.note(f"submit {code!r} {timeout}")
        try:
            script = Script(self.enclave, code, timeout)
        except QueueFullError:
            return multiple()
        self.all.append(script)
        return script

    @rule(script=scripts, late=st.sampled_from((0.0, 0.0005, 0.003)))
    def kill(self, script: Script, late: float) -> None:
        self.note(
            f"kill {self.all.index(script)} {late}" if script in self.all else "kill one of a closed pool"
        )
        script.over.wait(late)
        if script.handle.kill():
            script.may.add("ABORTED")
            # It has begun to end by itself, perhaps: that comes first, but a kill that was taken is no lie.
        elif script in self.all:
            script.answer()

    def settle(self) -> None:
        """Answers of all; what does not end is killed."""
        for script in self.all:
            if "TIMEOUT" in script.may and not script.over.is_set():
                script.may.add("ABORTED")
                script.handle.kill()
        for script in self.all:
            result = script.answer()
            if result is not None and not script.counted:
                script.counted = True
                self.count(result)

    @precondition(lambda self: not self.open)  # one that waits may wait for a session's worker
    @rule()
    def look(self) -> None:
        """With nothing under way the figures are those of the answers."""
        self.note("look")
        self.settle()
        self.check_figures()

    def check_figures(self) -> None:
        assert self.enclave is not None
        stats, codes = self.enclave.stats(), self.codes
        ran = sum(codes.values())
        assert stats.total_executions == ran, (stats, codes)
        assert stats.successful_executions == codes[""], (stats, codes)
        assert stats.failed_executions == ran - codes[""], (stats, codes)
        assert stats.timeout_executions == codes["TIMEOUT"], (stats, codes)
        assert stats.contained_crashes == codes["WORKER_CRASHED"], (stats, codes)
        assert stats.memory_kills == codes["MEMORY_LIMIT_EXCEEDED"], (stats, codes)
        assert stats.worker_recycles == sum(self.reasons.values()), (stats, self.reasons)
        assert (stats.queue_depth, stats.condemned_slots) == (0, 0), stats

    # -- sessions ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.open)
    @rule(target=sessions)
    def begin_session(self) -> Any:
        self.note("session")
        self.settle()
        assert self.enclave is not None
        session = self.enclave.session()
        self.open.append(session)
        self.marks[session], self.values[session] = {}, 0
        return session

    def alive(self, session: Session) -> bool:
        return session in self.open and self.values[session] is not None

    @rule(
        session=sessions,
        number=st.integers(1, 99),
        how=st.sampled_from(("", "", "TIMEOUT", "WORKER_CRASHED")),
    )
    def session_run(self, session: Session, number: int, how: str) -> None:
        if not self.alive(session):
            return
        self.note(f"session run {number} {how}")
        tail = {"": "", "TIMEOUT": "\nwhile True: pass", "WORKER_CRASHED": "\nimport os; os.abort()"}[how]
        timeout = 0.02 if how == "TIMEOUT" else WAIT
        result = session.run(f"x = {number}{tail}", timeout=timeout)
        assert code_of(result) == how, result
        self.count(result)
        if how == "WORKER_CRASHED":
            self.values[session] = None
        elif how == "TIMEOUT":
            self.values[session] = self.marks[session][max(self.marks[session])] if self.marks[session] else 0
        else:
            self.values[session] = number
        if how == "TIMEOUT":  # back at the last checkpoint, or at the last that was restored
            got = session.run("globals().get('x', 0)")
            self.count(got)
            assert got.value in {0, *self.marks[session].values()}, (got, self.marks[session])
            self.values[session] = got.value

    @rule(session=sessions)
    def checkpoint(self, session: Session) -> None:
        if self.alive(session):
            self.note("checkpoint")
            with contextlib.suppress(CheckpointLimitError):
                value = self.values[session]
                assert value is not None
                self.marks[session][session.checkpoint()] = value

    @rule(session=sessions, which=st.integers(0, 5))
    def restore(self, session: Session, which: int) -> None:
        if self.alive(session) and self.marks[session]:
            self.note(f"restore {which}")
            mark = sorted(self.marks[session])[which % len(self.marks[session])]
            session.restore(mark)
            got = session.run("globals().get('x', 0)")
            self.count(got)
            assert got.value == self.marks[session][mark], (got, self.marks[session])
            self.values[session] = got.value

    @rule(session=sessions)
    def end_session(self, session: Session) -> None:
        if session in self.open:
            self.note("end session")
            self.open.remove(session)
            alive = self.values[session] is not None
            session.close()
            try:
                session.run("1")
            except SessionClosedError:
                return
            raise AssertionError(f"a closed session ran ({alive})")

    # -- the end -----------------------------------------------------------------------------------------------------

    def end_pool(self) -> None:
        self.note("close")
        enclave = self.enclave
        if enclave is None:
            return
        for script in self.all:
            if not script.over.is_set():
                script.may |= {"closed", "ABORTED"}
        enclave.close()
        self.open.clear()
        for script in self.all:
            result = script.answer()
            if result is not None and not script.counted:
                script.counted = True
                self.count(result)
        self.all.clear()
        self.check_figures()
        stats = enclave.stats()
        assert (stats.total_workers, stats.active_workers) == (0, 0), stats
        self.enclave = None
        deadline = time.monotonic() + WAIT
        while threading.active_count() > START_THREADS and time.monotonic() < deadline:
            for thread in threading.enumerate():  # those that are just ending
                if thread is not threading.main_thread():
                    thread.join(WAIT)
        assert threading.active_count() == START_THREADS, threading.enumerate()
        assert descriptors() == self.descriptors, f"{descriptors()} descriptors, not {self.descriptors}"

    def teardown(self) -> None:
        self.end_pool()


def rounds(seconds: float) -> Iterator[int]:
    yield 3 if seconds == 0 else 40
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield 40


def main(seconds: str, seed: str, last: str) -> None:
    Operations.last = Last(last)
    with Enclave() as warm:  # what the first enclave opens for the life of the process
        warm.run("1")
    count = 0
    for examples in rounds(float(seconds)):
        options = settings(
            max_examples=examples,
            stateful_step_count=15 if float(seconds) == 0 else 40,
            database=None,
            deadline=None,
            derandomize=float(seconds) == 0,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        run_state_machine_as_test(Operations, settings=options)
        count += examples
    print(f"operations: {count} machines, {Operations.steps} operations")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except EnclaveError as error:
        raise AssertionError(f"{type(error).__name__}: {error}") from error
