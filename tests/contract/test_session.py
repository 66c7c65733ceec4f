"""Sessions: state from run to run, checkpoints, what a halt leaves, and who may use one when."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from enclave_subinterp import (
    CheckpointLimitError,
    Enclave,
    EnclaveUsageError,
    ErrorCode,
    PoolClosedError,
    QueueTimeoutError,
    RunResult,
    SessionClosedError,
    WorkerPoolConfig,
    WorkerPoolPresets,
)

MB = 1024 * 1024
WAIT = 20.0  # seconds in which whatever is waited for has happened
ENDLESS = "while True: pass"


def small(**changes: Any) -> WorkerPoolConfig:
    return dataclasses.replace(
        WorkerPoolPresets.STANDARD, **{"min_workers": 1, "max_workers": 1, "queue_timeout": WAIT, **changes}
    )


@pytest.fixture
def enclave() -> Iterator[Enclave]:
    with Enclave(worker_pool_config=small(), globals={"base": "enclave", "other": 0}) as made:
        yield made


def code(result: RunResult) -> ErrorCode | None:
    return None if result.error is None else result.error.code


# --- state ----------------------------------------------------------------------------------------------------------


def test_a_large_checkpoint_is_taken_in_the_sandbox() -> None:
    with Enclave(security_level="PERMISSIVE") as enclave, enclave.session() as session:
        assert (
            session.run("x = bytearray(80 << 20)\nx[::4096] = b'a' * len(x[::4096])\nlen(x)").value
            == 80 << 20
        )
        kept = session.checkpoint()
        session.run("x = None")
        session.restore(kept)
        assert session.run("len(x), x[4096 * 100]").value == (80 << 20, 97)


def test_state_lives_between_runs_and_not_beyond(enclave: Enclave) -> None:
    with enclave.session() as session:
        session.run("import json\nx = [1]\njson.mine = 1\nclass C: pass").unwrap()
        session.run("x.append(2)").unwrap()
        assert session.run("(x, json.mine, C().__class__.__name__)").unwrap() == ([1, 2], 1, "C")
        # what a script merely raises leaves what it had done
        assert code(session.run("x.append(3)\n1 / 0")) is ErrorCode.EXECUTION_ERROR
        assert session.run("x").value == [1, 2, 3]
        worker = session.run("1").stats.worker_id
    after = enclave.run("import json\n('x' in globals(), hasattr(json, 'mine'))")
    assert (after.value, after.stats.worker_id) == ((False, False), worker)


@pytest.mark.parametrize("pristine", [True, False])
def test_it_begins_and_ends_as_a_new_worker(pristine: bool) -> None:
    with Enclave(worker_pool_config=small(), pristine=pristine) as enclave:
        enclave.run("left = 1")
        with enclave.session() as session:
            assert session.run("'left' in globals()").value is False
            session.run("mine = 1")
        assert enclave.run("'mine' in globals()").value is False


def test_globals_are_given_at_the_start_only(enclave: Enclave) -> None:
    with enclave.session(globals={"base": "session"}) as session:
        assert session.run("base, other").value == ("session", 0)
        session.run("base = 'mine'")
        assert session.run("base").value == "mine"
        assert session.run("base", globals={"base": "run"}).value == "run"
        assert session.run("base").value == "run"
        session.reset()
        assert session.run("base").value == "session"


def test_limits_of_its_own() -> None:
    config = small(max_workers=2)
    with (
        Enclave(worker_pool_config=config, tool_handler=lambda name, args: 1, max_tool_calls=9) as enclave,
        enclave.session(max_tool_calls=1) as session,
    ):
        with enclave.session(timeout=0.02) as short:
            assert code(short.run(ENDLESS)) is ErrorCode.TIMEOUT
        assert session.run("call_tool('a', {})").value == 1
        assert code(session.run("call_tool('a', {}) + call_tool('a', {})")) is ErrorCode.MAX_TOOL_CALLS
        assert enclave.run("call_tool('a', {}) + call_tool('a', {})").value == 2


# --- checkpoints ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (ENDLESS, ErrorCode.TIMEOUT),
        ("x = []\nwhile True: x.append(bytes(100_000))", ErrorCode.MEMORY_LIMIT_EXCEEDED),
        ("while True: print('x' * 999)", ErrorCode.OUTPUT_LIMIT),
    ],
)
def test_a_halt_leaves_it_at_its_last_checkpoint(enclave: Enclave, script: str, expected: ErrorCode) -> None:
    limit = 0.05 if expected is ErrorCode.TIMEOUT else WAIT
    with enclave.session() as session:
        # GIVEN no checkpoint THEN it is at its start
        session.run("x = 1")
        assert code(session.run(f"x = 2\n{script}", timeout=limit)) is expected
        assert session.run("'x' in globals(), base").value == (False, "enclave")
        # GIVEN two, and the first restored THEN it is there
        session.run("x = 1")
        first = session.checkpoint()
        session.run("x = 2")
        session.checkpoint()
        assert code(session.run(f"x = 3\n{script}", timeout=limit)) is expected
        assert session.run("x").value == 2
        session.restore(first)
        session.run("x = 4")
        assert code(session.run(f"x = 5\n{script}", timeout=limit)) is expected
        assert session.run("x").value == 1


def test_random_numbers_differ_after_a_way_back(enclave: Enclave) -> None:
    with enclave.session() as session:
        session.run("import random")
        mark = session.checkpoint()
        drawn = []
        for _ in range(3):
            session.restore(mark)
            drawn.append(session.run("[random.random() for _ in range(4)]").value)
        assert code(session.run(ENDLESS, timeout=0.02)) is ErrorCode.TIMEOUT
        drawn.append(session.run("[random.random() for _ in range(4)]").value)
        assert len({tuple(row) for row in drawn}) == 4


def test_ids_are_checked(enclave: Enclave) -> None:
    with enclave.session() as session:
        with pytest.raises(ValueError, match=r"one of this session's \(there are none\), got 1"):
            session.restore(1)
        mark = session.checkpoint()
        later = session.checkpoint()
        with pytest.raises(ValueError, match="is where a halted run goes back to"):
            session.forget(later)
        session.forget(mark)
        for wrong in (mark, 0, -1):
            with pytest.raises(ValueError, match=f"got {wrong}"):
                session.restore(wrong)
        for no_id in (None, "1", True, 1.0):
            with pytest.raises(TypeError, match="expected an id"):
                session.restore(no_id)  # type: ignore[arg-type]
        assert session.run("1").value == 1


def test_their_memory_is_bounded_and_given_back() -> None:
    with Enclave(worker_pool_config=small(memory_limit_per_worker=32 * MB)) as enclave:
        with enclave.session() as session:
            session.run("x = b'x' * (12 * 1024 * 1024)").unwrap()
            first = session.checkpoint()
            session.checkpoint()
            assert enclave.stats().max_worker_memory > 36 * MB
            with pytest.raises(CheckpointLimitError, match=r"memory limit; forget\(\) others"):
                session.checkpoint()
            session.forget(first)
            session.checkpoint()
            assert session.run("len(x)").value == 12 * MB
        assert enclave.stats().max_worker_memory < 16 * MB


# --- the worker -----------------------------------------------------------------------------------------------------


def test_it_counts_as_a_worker() -> None:
    with Enclave(worker_pool_config=small(queue_timeout=0.05)) as enclave:
        with enclave.session() as session:
            assert enclave.stats().active_workers == 1
            for refused in (enclave.session, lambda: enclave.run("1")):
                with pytest.raises(QueueTimeoutError):
                    refused()
            session.run("1")
        assert (enclave.stats().active_workers, enclave.stats().total_executions) == (0, 1)
        with enclave.session():
            pass
        assert enclave.run("1").value == 1


def test_a_script_that_waits_behind_it_is_served(enclave: Enclave) -> None:
    session = enclave.session()
    first = enclave.submit("base")
    session.close()
    assert first.result(WAIT).value == "enclave"


def test_a_crash_ends_it(enclave: Enclave) -> None:
    session = enclave.session()
    assert code(session.run("import os; os.abort()")) is ErrorCode.WORKER_CRASHED
    assert session.closed
    for refused in (lambda: session.run("1"), session.checkpoint, session.reset):
        with pytest.raises(SessionClosedError, match=r"its worker .* was lost .*SIGABRT"):
            refused()
    session.close()
    assert enclave.run("1").value == 1
    assert enclave.stats().contained_crashes == 1


def test_an_unused_session_is_closed(enclave: Enclave) -> None:
    session = enclave.session(idle_timeout=0.05)
    deadline = time.monotonic() + WAIT
    with Enclave(worker_pool_config=small()) as other:  # something to wait with that is no sleep
        while not session.closed and time.monotonic() < deadline:
            other.run("import time\ntime.sleep(0.01)")
    with pytest.raises(SessionClosedError, match=r"not used for 0\.05 s"):
        session.run("1")
    assert enclave.run("1").value == 1


def test_one_thread_at_a_time() -> None:
    entered, let_go = threading.Event(), threading.Event()
    refusals: list[BaseException] = []

    def tool(name: str, args: dict[str, Any]) -> None:
        try:
            session.run("1")  # from the run's own thread
        except EnclaveUsageError as error:
            refusals.append(error)
        entered.set()
        let_go.wait(WAIT)

    with Enclave(worker_pool_config=small(), tool_handler=tool) as enclave, enclave.session() as session:
        results: list[RunResult] = []
        thread = threading.Thread(target=lambda: results.append(session.run("call_tool('a', {})\n7")))
        thread.start()
        assert entered.wait(WAIT)
        for refused in (lambda: session.run("1"), session.checkpoint, session.reset):
            with pytest.raises(EnclaveUsageError, match="while a run of this session is under way"):
                refused()
        let_go.set()
        thread.join()
        assert results[0].value == 7
        assert len(refusals) == 1


@pytest.mark.parametrize("how", ["kill", "close"])
def test_kill_and_close_from_another_thread(how: str) -> None:
    entered = threading.Event()
    with Enclave(worker_pool_config=small(), tool_handler=lambda name, args: entered.set()) as enclave:
        session = enclave.session()
        assert not session.kill()
        session.run("x = 1")
        results: list[RunResult] = []
        thread = threading.Thread(
            target=lambda: results.append(session.run(f"call_tool('a', {{}})\n{ENDLESS}"))
        )
        thread.start()
        assert entered.wait(WAIT)
        getattr(session, how)()
        thread.join(WAIT)
        assert code(results[0]) is ErrorCode.ABORTED
        assert session.closed == (how == "close")
        session.close()
        assert enclave.run("1").value == 1


def test_close_of_the_enclave() -> None:
    begun = time.monotonic()
    with Enclave(worker_pool_config=small(max_workers=2, graceful_shutdown_timeout=60.0)) as enclave:
        session = enclave.session()
        session.run("x = 1")
        unused = enclave.session()
        assert not session.closed
    assert time.monotonic() - begun < 50  # an idle session is not waited for
    assert session.closed
    del unused  # it has ended with its enclave, so there is nothing to complain of
    for refused in (lambda: session.run("x"), session.checkpoint, session.reset):
        with pytest.raises((PoolClosedError, SessionClosedError), match="enclave was closed"):
            refused()
    session.close()


def test_a_dropped_session_complains_and_gives_its_worker_back(enclave: Enclave) -> None:
    kept = [enclave.session()]
    with pytest.warns(ResourceWarning, match="unclosed <Session open>"):
        kept.clear()
    assert enclave.run("1").value == 1


def test_a_worker_that_has_served_enough_is_replaced() -> None:
    with Enclave(worker_pool_config=small(max_executions_per_worker=3)) as enclave:
        with enclave.session() as session:
            assert len({session.run("1").stats.worker_id for _ in range(5)}) == 1
        assert enclave.stats().worker_recycles == 1
        assert enclave.run("1").value == 1


# --- against a model ------------------------------------------------------------------------------------------------


NAMES = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.one_of(st.integers(), st.text(max_size=20), st.lists(st.integers(), max_size=50))
READ = "{k: v for k, v in globals().items() if k in 'abcd'}"


class SessionMachine(RuleBasedStateMachine):
    """What a session answers, and what a dict of its variables says that it must."""

    enclave: Enclave
    marks = Bundle("marks")

    def __init__(self) -> None:
        super().__init__()
        self.session = self.enclave.session()
        self.model: dict[str, Any] = {}
        self.saved: dict[int, dict[str, Any]] = {}
        self.anchor: dict[str, Any] = {}
        self.anchor_id = 0

    def teardown(self) -> None:
        self.session.close()

    @rule(name=NAMES, value=VALUES)
    def assign(self, name: str, value: Any) -> None:
        self.session.run(f"{name} = value\ndel value", globals={"value": value}).unwrap()
        self.model[name] = value

    @rule(name=NAMES)
    def grow(self, name: str) -> None:
        self.session.run(f"{name} = [[n] for n in range(20_000)]\n{name} = len({name})").unwrap()
        self.model[name] = 20_000

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        self.session.run(f"globals().pop({name!r}, None)")
        self.model.pop(name, None)

    @rule(name=NAMES, value=VALUES)
    def fail(self, name: str, value: Any) -> None:
        assert code(self.session.run(f"{name} = {value!r}\n1 / 0")) is ErrorCode.EXECUTION_ERROR
        self.model[name] = value

    @rule(target=marks)
    def checkpoint(self) -> int:
        mark = self.session.checkpoint()
        assert mark not in self.saved
        self.saved[mark] = self.anchor = dict(self.model)
        self.anchor_id = mark
        return mark

    @rule(mark=marks)
    def restore(self, mark: int) -> None:
        self.session.restore(mark)
        self.model = dict(self.saved[mark])
        self.anchor, self.anchor_id = self.saved[mark], mark

    @precondition(lambda self: self.anchor_id)
    @rule(mark=consumes(marks))
    def forget(self, mark: int) -> None:
        if mark == self.anchor_id:
            self.session.reset()
            self.model, self.anchor, self.anchor_id = {}, {}, 0
        self.session.forget(mark)

    @rule()
    def reset(self) -> None:
        self.session.reset()
        self.model, self.anchor, self.anchor_id = {}, {}, 0

    @rule(
        name=NAMES,
        script=st.sampled_from([ENDLESS, "import time\ntime.sleep(60)", "x = [0]\nwhile True: x = x + [x]"]),
        delay=st.floats(0.0005, 0.005),
    )
    def halt(self, name: str, script: str, delay: float) -> None:
        halted = self.session.run(f"{name} = 'halted'\nimport re, json\n{script}", timeout=delay)
        assert code(halted) in {ErrorCode.TIMEOUT, ErrorCode.MEMORY_LIMIT_EXCEEDED}
        self.model = dict(self.anchor)

    @invariant()
    def they_agree(self) -> None:
        assert self.session.run(READ).unwrap() == self.model


@pytest.mark.timeout(300)
def test_a_session_answers_as_a_model_says() -> None:
    with Enclave(worker_pool_config=small(queue_timeout=WAIT)) as enclave:
        machine = type("Machine", (SessionMachine,), {"enclave": enclave})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=20,
                stateful_step_count=50,  # twenty times fifty: a thousand acts
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_a_session_that_outlives_its_enclave_is_no_active_worker() -> None:
    # GIVEN an open session WHEN its enclave is closed THEN nothing is left in the figures, before the session ends
    enclave = Enclave(worker_pool_config=small(graceful_shutdown_timeout=0.0))
    session = enclave.session()
    session.run("x = 1")
    enclave.close()
    stats = enclave.stats()
    assert (stats.active_workers, stats.idle_workers, stats.total_workers) == (0, 0, 0)
    session.close()
    assert enclave.stats().worker_recycles == stats.worker_recycles == 1
