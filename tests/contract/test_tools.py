"""Tool calls and messages against the contract: several calls at once, what is checked, and the limits of both."""

import contextvars
import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from enclave_subinterp import (
    Enclave,
    ErrorCode,
    ErrorInfo,
    RecycleReason,
    RunResult,
    WorkerPoolConfig,
    WorkerPoolPresets,
    _native,
)
from tests.contract.lenient import Lenient

STUCK = 20.0  # seconds in which anything that is waited for must have happened


def one(**fields: Any) -> WorkerPoolConfig:
    """A pool of one worker."""
    settings = {"min_workers": 1, "max_workers": 1, "graceful_shutdown_timeout": 0.0}
    return dataclasses.replace(WorkerPoolPresets.STANDARD, **{**settings, **fields})


def failed(result: RunResult, code: ErrorCode) -> ErrorInfo:
    """The error of a run that failed as it should."""
    assert result.error is not None
    assert (result.success, result.value, result.error.code) == (False, None, code), result.error
    return result.error


class Tools:
    """Tools that a test can hold up: "wait" returns when all who are to meet have come, or the gate was opened."""

    def __init__(self, meeting: int = 1) -> None:
        self.called: list[str] = []
        self.threads: dict[str, str] = {}
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        self.meeting = threading.Barrier(meeting)

    def __call__(self, name: str, args: dict[str, Any]) -> Any:
        self.called.append(name)
        self.threads[name] = threading.current_thread().name
        if name.startswith("fail"):
            raise ValueError(f"no {name}")
        if name.startswith("meet"):
            self.meeting.wait(STUCK)
        if name.startswith("gate"):
            self.entered.release()
            self.gate.wait(STUCK)
        if name.startswith("exit"):
            raise SystemExit(7)
        return args.get("value", name)


@pytest.fixture
def tools() -> Iterator[Tools]:
    found = Tools(meeting=3)
    yield found
    found.gate.set()


# --- several calls at once -------------------------------------------------------------------------------------------

GATHER = "import asyncio\nawait asyncio.gather(*[acall_tool(name) for name in names])"


def test_gathered_calls_are_under_way_at_the_same_time(tools: Tools) -> None:
    """GIVEN tools that return only once all three are under way WHEN a script gathers them THEN each has its answer."""
    names = ["meet a", "meet b", "meet c"]
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        result = enclave.run(GATHER, globals={"names": names})
    assert result.unwrap() == names
    assert (result.stats.tool_call_count, result.stats.message_count) == (3, 3)
    assert all(name.startswith("enclave-tools") for name in tools.threads.values())


def test_answers_come_in_any_order(tools: Tools) -> None:
    """GIVEN a call that is held up WHEN a later one is answered THEN the script goes on with that one at once."""
    code = """
import asyncio
first = asyncio.ensure_future(acall_tool("gate"))
second = await acall_tool("quick")
assert not first.done()
await acall_tool("open")
(second, await first)
"""

    def handler(name: str, args: dict[str, Any]) -> Any:
        if name == "open":
            tools.gate.set()
        return tools(name, args)

    with Enclave(worker_pool_config=one(), tool_handler=handler) as enclave:
        assert enclave.run(code).unwrap() == ("quick", "gate")


def test_a_call_that_is_alone_needs_no_other_thread(tools: Tools) -> None:
    code = "import asyncio\ncall_tool('blocking')\nasyncio.run(acall_tool('run'))"
    before = threading.active_count()
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        enclave.run(code).unwrap()
        enclave.run("await acall_tool('awaited')\nawait acall_tool('twice')").unwrap()
        assert threading.active_count() == before
    assert set(tools.threads) == {"blocking", "awaited", "run", "twice"}
    assert set(tools.threads.values()) == {threading.current_thread().name}


def test_a_blocking_call_beside_others_that_are_under_way(tools: Tools) -> None:
    code = """
import asyncio
held = asyncio.ensure_future(acall_tool("gate"))
await asyncio.sleep(0)
found = call_tool("open")
(found, await held)
"""

    def handler(name: str, args: dict[str, Any]) -> Any:
        if name == "open":
            assert tools.entered.acquire(timeout=STUCK), "the other call does not wait for this one"
            tools.gate.set()
        return tools(name, args)

    with Enclave(worker_pool_config=one(), tool_handler=handler) as enclave:
        assert enclave.run(code).unwrap() == ("open", "gate")


def test_a_failing_call_fails_alone(tools: Tools) -> None:
    code = """
import asyncio
found = await asyncio.gather(acall_tool("fail"), acall_tool("fine"), return_exceptions=True)
(type(found[0]).__name__, found[0].name, str(found[0]), found[1])
"""
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        assert enclave.run(code).unwrap() == ("ToolError", "ValueError", "no fail", "fine")


def test_a_cancelled_call_is_forgotten(tools: Tools) -> None:
    """GIVEN a call whose task was cancelled WHEN its answer comes later THEN it goes nowhere, and others are right."""
    code = """
import asyncio
try:
    await asyncio.wait_for(acall_tool("gate"), 0.01)
except TimeoutError:
    pass
await acall_tool("open")
[await acall_tool(name) for name in "abc"]
"""

    def handler(name: str, args: dict[str, Any]) -> Any:
        if name == "open":
            tools.gate.set()
        return tools(name, args)

    with Enclave(worker_pool_config=one(), tool_handler=handler) as enclave:
        assert enclave.run(code).unwrap() == ["a", "b", "c"]


def test_an_answer_that_comes_after_the_run_goes_nowhere(tools: Tools) -> None:
    """GIVEN a run that ended with a call under way WHEN the tool returns in the next run THEN that one sees nothing."""
    early = "import asyncio\nheld = asyncio.ensure_future(acall_tool('gate'))\nawait asyncio.sleep(0.001)"
    late = "call_tool('open')\nimport asyncio\nawait asyncio.gather(*[acall_tool(n, {'value': n}) for n in 'abc'])"

    def handler(name: str, args: dict[str, Any]) -> Any:
        if name == "open":
            tools.gate.set()
        return tools(name, args)

    for pristine in (True, False):
        tools.gate.clear()
        with Enclave(worker_pool_config=one(), tool_handler=handler, pristine=pristine) as enclave:
            enclave.run(early).unwrap()
            assert enclave.run(late).unwrap() == ["a", "b", "c"]


def test_the_context_of_the_caller_is_there_in_every_tool() -> None:
    variable = contextvars.ContextVar("variable", default="none")
    with Enclave(worker_pool_config=one(), tool_handler=lambda name, args: variable.get()) as enclave:
        variable.set("caller's")
        assert enclave.run("call_tool('a')").unwrap() == "caller's"
        assert enclave.run(GATHER, globals={"names": ["a", "b"]}).unwrap() == ["caller's"] * 2


def test_a_kill_ends_a_run_whose_calls_are_under_way(tools: Tools) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        handle = enclave.submit(GATHER, globals={"names": ["gate 1", "gate 2", "fine"]})
        for _ in range(2):
            assert tools.entered.acquire(timeout=STUCK)
        assert handle.kill()
        failed(handle.result(STUCK), ErrorCode.ABORTED)
        assert enclave.run("1 + 1").unwrap() == 2, "although the tools have not returned"
        tools.gate.set()


def test_what_is_no_exception_goes_from_a_helper_to_the_caller(tools: Tools) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        with pytest.raises(SystemExit):
            enclave.run(GATHER, globals={"names": ["fine", "exit", "gate"]})
        tools.gate.set()
        assert enclave.run("1 + 1").unwrap() == 2


def test_a_tool_on_a_helper_may_close_its_enclave() -> None:
    box: list[Enclave] = []

    def handler(name: str, args: dict[str, Any]) -> None:
        if name == "close":
            box[0].close()

    with Enclave(worker_pool_config=one(), tool_handler=handler) as enclave:
        box.append(enclave)
        failed(enclave.run(GATHER, globals={"names": ["close", "fine"]}), ErrorCode.ABORTED)


def test_closing_ends_the_helpers(tools: Tools) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        enclave.run(GATHER, globals={"names": ["a", "b", "c"]}).unwrap()
        helpers = [t for t in threading.enumerate() if t.name.startswith("enclave-tools")]
        assert helpers
        assert not any(thread.daemon for thread in helpers)
    assert not any(thread.is_alive() for thread in helpers)


def test_no_more_helpers_than_calls_may_be_under_way(tools: Tools) -> None:
    config = one(max_pending_tool_calls=3)
    with Enclave(worker_pool_config=config, tool_handler=tools, max_tool_calls=1_000) as enclave:
        for _ in range(5):
            enclave.run(GATHER, globals={"names": ["meet a", "meet b", "meet c"]}).unwrap()
        assert len([t for t in threading.enumerate() if t.name.startswith("enclave-tools")]) <= 3


# --- asyncio in a guest ----------------------------------------------------------------------------------------------

TIMED_OUT = """
try:
    await asyncio.wait_for(asyncio.Event().wait(), 0.01)
except TimeoutError:
    return "late"
"""
TASK_GROUP = """
async with asyncio.timeout(60):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(acall_tool(name)) for name in "ab"]
[task.result() for task in tasks]
"""
QUEUE = """
queue = asyncio.Queue(1)
async def put():
    for n in range(3):
        await queue.put(n)
putting = asyncio.create_task(put())
[await queue.get() for _ in range(3)]
"""
GENERATOR = """
async def numbers():
    for n in range(3):
        yield await acall_tool("n", {"value": n})
return [n async for n in numbers()]
"""
FROM_ANOTHER_THREAD = """
loop = asyncio.get_running_loop()
future = loop.create_future()
loop.call_soon_threadsafe(future.set_result, 1)
loop.call_later(0.001, print)
await future
"""


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("await asyncio.gather(asyncio.sleep(0.01, 'a'), asyncio.sleep(0, 'b'))", ["a", "b"]),
        ("asyncio.run(asyncio.sleep(0.001, 'run'))", "run"),
        ("with asyncio.Runner() as r:\n    return [r.run(asyncio.sleep(0, n)) for n in (1, 2)]", [1, 2]),
        (
            "loop = asyncio.new_event_loop()\nx = loop.run_until_complete(asyncio.sleep(0, 'new'))\nloop.close()\nx",
            "new",
        ),
        ("asyncio.run(asyncio.sleep(0, 1), debug=True)", 1),
        (TIMED_OUT, "late"),
        (TASK_GROUP, ["a", "b"]),
        (QUEUE, [0, 1, 2]),
        (GENERATOR, [0, 1, 2]),
        (FROM_ANOTHER_THREAD, 1),
        (
            "async def f():\n    return await acall_tool('f')\nreturn [asyncio.run(f()), asyncio.run(f())]",
            ["f", "f"],
        ),
        (
            "c = acall_tool('c')\ntry:\n    c.send(None)\nexcept StopIteration as stop:\n    return stop.value",
            "c",
        ),
    ],
)
def test_asyncio_works_without_files_and_sockets(tools: Tools, code: str, value: object) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        assert enclave.run("import asyncio\n" + code).unwrap() == value


def test_a_loop_opens_no_descriptors() -> None:
    code = """
import asyncio, os
def opened():
    return [fd for fd in range(64) if os.path.exists(f"/proc/thread-self/fd/{fd}")]
before = opened()
async def main():
    return opened()
asyncio.run(main()) == before
"""
    with Enclave(worker_pool_config=one()) as enclave:
        assert enclave.run(code).unwrap() is True


def test_two_loops_share_the_channel(tools: Tools) -> None:
    """GIVEN a call begun in one loop WHEN its answer comes while another loop runs THEN it is not lost."""
    code = """
import asyncio
a, b = asyncio.new_event_loop(), asyncio.new_event_loop()
held = a.create_task(acall_tool("held"))
a.run_until_complete(asyncio.sleep(0))
found = b.run_until_complete(acall_tool("other"))
found = (a.run_until_complete(held), found)
a.close()
b.close()
found
"""
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        assert enclave.run(code).unwrap() == ("held", "other")


# --- what is checked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "x" * 257, "a\nb", "a\0", "\u200b", "\ud800"], ids=ascii)
@pytest.mark.parametrize("call", ["call_tool({!a})", "await acall_tool({!a})"])
def test_a_name_that_is_none_does_not_reach_the_handler(tools: Tools, name: str, call: str) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        error = failed(enclave.run(call.format(name)), ErrorCode.TOOL_ERROR)
        assert error.message == "a tool's name has 1 to 256 printable characters"
        assert enclave.run(call.format("x" * 256)).unwrap() == "x" * 256
    assert tools.called == ["x" * 256]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [("{1: 2}", "TypeError"), ("{'a': object()}", "TypeError"), ("{'a': 'x' * 5000}", "MessageTooLarge")],
)
def test_arguments_that_cannot_be_served_do_not_reach_the_handler(
    tools: Tools, arguments: str, name: str
) -> None:
    code = f"""
import asyncio
found = await asyncio.gather(acall_tool("a", {arguments}), acall_tool("b"), return_exceptions=True)
(type(found[0]).__name__, found[0].name, found[1])
"""
    with Enclave(worker_pool_config=one(max_message_size=4096), tool_handler=tools) as enclave:
        assert enclave.run(code).unwrap() == ("ToolError", name, "b")
    assert tools.called == ["b"]


@pytest.mark.parametrize("value", [object(), "x" * 5000], ids=["object", "large"])
def test_values_that_cannot_cross_are_the_tools_error(value: object) -> None:
    code = "import asyncio\nawait asyncio.gather(acall_tool('odd'), acall_tool('odd'))"
    with Enclave(
        worker_pool_config=one(max_message_size=4096), tool_handler=lambda name, args: value
    ) as enclave:
        for script in ("call_tool('odd')", code):
            assert "'odd' cannot cross" in failed(enclave.run(script), ErrorCode.TOOL_ERROR).message


# --- limits ----------------------------------------------------------------------------------------------------------

CATCHING = "while True:\n    try:\n        {}\n    except BaseException:\n        pass"


def flooding(*, rate: int = 100, **fields: Any) -> WorkerPoolConfig:
    return one(max_messages_per_second=rate, **fields)


@pytest.mark.parametrize(
    "act",
    [
        "print()",
        "call_tool('x')",
        "print(call_tool('x'))",
        "import sys; sys.stderr.write('')",
        "call_tool('fail')",
        "import asyncio; asyncio.run(acall_tool('x'))",
    ],
)
def test_a_flood_ends_the_run_however_it_is_caught(tools: Tools, act: str) -> None:
    recycled: list[RecycleReason] = []
    config = flooding(rate=100, on_worker_recycled=recycled.append)
    with Enclave(worker_pool_config=config, tool_handler=tools, max_tool_calls=10_000) as enclave:
        result = enclave.run(CATCHING.format(act))
        error = failed(result, ErrorCode.MESSAGE_FLOOD)
        assert error.data is not None
        assert error.data["messages"] == result.stats.message_count > 100
        assert "the limits are 100 a second" in error.message
        assert enclave.run("print(1)\ncall_tool('x')").success, "a new run begins with a full bucket"
        stats = enclave.stats()
    assert recycled == [RecycleReason.MESSAGE_FLOOD, RecycleReason.SHUTDOWN]
    assert stats.forced_terminations == 1


@pytest.mark.parametrize("rate", [1, 50])
def test_one_seconds_worth_at_once_is_no_flood(tools: Tools, rate: int) -> None:
    with Enclave(worker_pool_config=flooding(rate=rate), tool_handler=tools) as enclave:
        assert enclave.run(f"for n in range({rate}): print(n)").success
        assert enclave.run(f"for n in range({rate}): call_tool('x')").success


def test_limits_beyond_all_counting_are_none(tools: Tools) -> None:
    config = one(max_messages_per_second=10**30, max_pending_tool_calls=10**30)
    with Enclave(worker_pool_config=config, tool_handler=tools, max_tool_calls=10**30) as enclave:
        code = "import asyncio\nlen(await asyncio.gather(*[acall_tool('x') for _ in range(300)]))"
        assert enclave.run(code).unwrap() == 300
        assert enclave.run("for _ in range(300): call_tool('x')").success


def test_limits_of_output_come_before_the_flood() -> None:
    with Enclave(security_level="STRICT", worker_pool_config=flooding(rate=100)) as enclave:
        result = enclave.run("for n in range(101): print(n)")
        failed(result, ErrorCode.OUTPUT_LIMIT)
        assert result.stdout.count("\n") == 100


def test_the_host_counts_again(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a core that has been made to let everything pass WHEN a guest floods THEN the host's limiter ends it."""
    monkeypatch.setattr(_native, "Slot", Lenient)
    config = flooding(rate=50)
    with Enclave(
        worker_pool_config=config, tool_handler=tools, max_tool_calls=10_000, on_output=lambda *_: None
    ) as enclave:
        for act in ("call_tool('x')", "print(call_tool('x'))"):  # at the host's pace: each waits for it
            failed(enclave.run(CATCHING.format(act)), ErrorCode.MESSAGE_FLOOD)
    with Enclave(worker_pool_config=one(), tool_handler=tools, max_tool_calls=5) as enclave:
        tools.called.clear()
        failed(enclave.run(CATCHING.format("call_tool('x')")), ErrorCode.MAX_TOOL_CALLS)
        assert len(tools.called) == 5


def test_a_busy_host_takes_no_lawful_guest_for_a_flood() -> None:
    """GIVEN a listener that holds up the host WHEN a script prints no more than it may THEN nothing happens to it."""
    heard = []

    def listen(stream: str, text: str) -> None:
        if not heard:
            time.sleep(0.3)
        heard.append(text)

    code = (
        "import time\nfor n in range(40): print(n)\nfor n in range(20):\n    time.sleep(0.026)\n    print(n)"
    )
    with Enclave(worker_pool_config=flooding(rate=40), on_output=listen) as enclave:
        assert enclave.run(code).success
    assert "".join(heard).count("\n") == 60


def test_more_calls_under_way_than_allowed_are_a_flood(tools: Tools) -> None:
    code = "import asyncio\nlen(await asyncio.gather(*[acall_tool('x') for _ in range(count)]))"
    with Enclave(worker_pool_config=one(max_pending_tool_calls=10), tool_handler=tools) as enclave:
        assert enclave.run(code, globals={"count": 10}).unwrap() == 10
        error = failed(enclave.run(code, globals={"count": 11}), ErrorCode.MESSAGE_FLOOD)
        assert "10 tool calls under way at once" in error.message
        assert enclave.run(code, globals={"count": 10}).unwrap() == 10


def test_calls_that_are_forgotten_still_count_while_the_host_serves_them(tools: Tools) -> None:
    code = """
import asyncio
for _ in range(4):
    try:
        await asyncio.wait_for(acall_tool("gate"), 0.001)
    except TimeoutError:
        pass
"""
    with Enclave(worker_pool_config=one(max_pending_tool_calls=3), tool_handler=tools) as enclave:
        failed(enclave.run(code), ErrorCode.MESSAGE_FLOOD)
        tools.gate.set()
    assert tools.called == ["gate"] * 3


@pytest.mark.parametrize("limit", [0, 1, 5])
@pytest.mark.parametrize(
    "code",
    [
        "for _ in range(count): call_tool('x')",
        "import asyncio\nawait asyncio.gather(*[acall_tool('x') for _ in range(count)])",
        "import asyncio\nfor _ in range(count): await acall_tool('x')",
    ],
)
def test_the_number_of_calls_is_exact(tools: Tools, code: str, limit: int) -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tools, max_tool_calls=limit) as enclave:
        assert enclave.run(code, globals={"count": limit}).success
        error = failed(enclave.run(code, globals={"count": limit + 1}), ErrorCode.MAX_TOOL_CALLS)
        assert error.message == f"made {limit + 1} tool calls; the limit is {limit}"
    assert len(tools.called) <= 2 * limit


def test_what_is_in_the_post_counts_like_memory(tools: Tools) -> None:
    code = """
import asyncio
text = "x" * (900 << 10)
await asyncio.gather(*[acall_tool("x", {"value": None, "text": text}) for _ in range(count)])
"""
    config = one(memory_limit_per_worker=32 << 20, max_message_size=1 << 20)
    with Enclave(worker_pool_config=config, tool_handler=tools) as enclave:
        assert enclave.run(code, globals={"count": 20}).success
        failed(enclave.run(code, globals={"count": 60}), ErrorCode.MESSAGE_FLOOD)


def test_a_call_on_a_helper_is_late_at_its_deadline(tools: Tools) -> None:
    """GIVEN a tool that does not return WHEN its time is over THEN the script goes on; the late value is dropped."""
    code = """
import asyncio
held, fine = await asyncio.gather(acall_tool("gate"), acall_tool("fine"), return_exceptions=True)
(held.name, str(held).partition(" took ")[0], fine)
"""
    with Enclave(worker_pool_config=one(), tool_handler=tools, tool_timeout=0.05) as enclave:
        assert enclave.run(code).unwrap() == ("TimeoutError", "tool 'gate'", "fine")
        assert not tools.gate.is_set()
        tools.gate.set()
        assert enclave.run("call_tool('after')").unwrap() == "after"


@pytest.mark.parametrize("script", ["call_tool('gate')", GATHER])
def test_the_runs_own_timeout_goes_on_during_a_call(tools: Tools, script: str) -> None:
    opener: Callable[[], None] = tools.gate.set
    timer = threading.Timer(0.2, opener)
    with Enclave(worker_pool_config=one(), tool_handler=tools) as enclave:
        timer.start()
        result = enclave.run(script, timeout=0.05, globals={"names": ["gate 1", "gate 2"]})
        failed(result, ErrorCode.TIMEOUT)
        assert enclave.run("1 + 1").unwrap() == 2
    timer.join()
