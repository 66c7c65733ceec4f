"""`Enclave` against its contract, over the real core: scripts, output, errors, tools, limits and arguments."""

import dataclasses
import datetime
import decimal
import math
import signal
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from enclave_subinterp import (
    Enclave,
    ErrorCode,
    ErrorInfo,
    GuestError,
    RunResult,
    WorkerPoolConfig,
    WorkerPoolPresets,
    capabilities,
    run,
)

ENDLESS = "while True: pass"


def one(**fields: Any) -> WorkerPoolConfig:
    """A pool of one worker."""
    settings = {"min_workers": 1, "max_workers": 1, "graceful_shutdown_timeout": 0.0, "max_queue_size": 2}
    return WorkerPoolConfig(**{**settings, **fields})


def failed(result: RunResult, code: ErrorCode) -> ErrorInfo:
    """The error of a run that failed as it should."""
    assert result.error is not None
    assert (result.success, result.value, result.error.code) == (False, None, code), result.error
    return result.error


def tool(name: str, args: dict[str, Any]) -> Any:
    if name == "fail":
        raise ValueError("no such order")
    return object() if name == "odd" else {"name": name, "args": args}


@pytest.fixture(scope="module")
def enclave() -> Iterator[Enclave]:
    with Enclave(worker_pool_config=one(max_workers=2), tool_handler=tool) as shared:
        yield shared


# --- values ----------------------------------------------------------------------------------------------------------

ZONE = datetime.timezone(datetime.timedelta(hours=2))
VALUES = [
    *(
        None,
        True,
        False,
        0,
        -1,
        2**63,
        -(2**200),
        0.0,
        -2.5,
        math.inf,
        "",
        "grüße \U0001f40d\0",
        b"",
        b"\0\xff",
    ),
    *(
        [],
        [1, [2, [3]]],
        (),
        (1, "a", None),
        {},
        {"a": {"b": [1]}, 2: b"c", None: ()},
        {1, 2},
        frozenset({"a"}),
    ),
    *(
        datetime.datetime(2024, 2, 29, 1, 2, 3, 4),
        datetime.datetime(2024, 1, 1, tzinfo=ZONE),
        datetime.date(1, 1, 1),
    ),
    *(
        datetime.time(23, 59, 59, 999999),
        datetime.timedelta(-1, 5, 7),
        decimal.Decimal("1.10"),
        uuid.UUID(int=7),
    ),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_go_there_and_back(enclave: Enclave, value: object) -> None:
    back = enclave.run("given", globals={"given": value}).unwrap()
    assert (back, type(back)) == (value, type(value))


def test_nan_goes_there_and_back(enclave: Enclave) -> None:
    assert math.isnan(enclave.run("given", globals={"given": math.nan}).unwrap())


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("1 + 1", 2),
        ("x = 1", None),
        ("", None),
        ("# nothing", None),
        ("x = 20\nx * 2", 40),
        ("return 7\n8", 7),
        ("for n in range(9):\n    if n == 3:\n        return n", 3),
        ("import asyncio\nawait asyncio.sleep(0, 'slept')", "slept"),
        ("import asyncio\nreturn [await asyncio.sleep(0, n) for n in (1, 2)]", [1, 2]),
        ("def f(n):\n    return n and n * f(n - 1) or 1\nf(20)", 2432902008176640000),
        ("class A:\n    x = 3\n[A.x for _ in range(2)]", [3, 3]),
        ("import datetime, decimal\n(datetime.date(2024, 2, 29), decimal.Decimal('0.1'))",
         (datetime.date(2024, 2, 29), decimal.Decimal("0.1"))),
    ],
)  # fmt: skip
def test_the_value_of_a_script(enclave: Enclave, code: str, value: object) -> None:
    result = enclave.run(code)
    assert result.error is None
    assert (result.success, result.value) == (True, value)


def test_globals_of_the_run_come_before_those_of_the_enclave() -> None:
    given = {"a": 1, "b": 2}
    with Enclave(worker_pool_config=one(), globals=given) as enclave:
        given["a"] = 9
        assert enclave.run("a, b").unwrap() == (1, 2)
        assert enclave.run("a, b, c", globals={"b": 5, "c": 6}).unwrap() == (1, 5, 6)
        assert enclave.run("a, b").unwrap() == (1, 2)


@pytest.mark.parametrize("pristine", [True, False])
def test_state_stays_only_where_it_is_asked_for(pristine: bool) -> None:
    with Enclave(worker_pool_config=one(), pristine=pristine) as enclave:
        enclave.run("left = 1").unwrap()
        assert enclave.run("'left' in globals()").unwrap() is not pristine


# --- output, errors, figures -----------------------------------------------------------------------------------------


def test_output_is_captured(enclave: Enclave) -> None:
    result = enclave.run(
        "import sys\nprint('a', 'ü', sep='-')\nprint('no', file=sys.stderr)\nsys.stdout.write('b')\n1/0"
    )
    assert (result.stdout, result.stderr) == ("a-ü\nb", "no\n")
    assert result.error is not None


def test_output_is_streamed_and_a_broken_listener_hurts_nothing(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[str, str]] = []

    def listen(stream: str, text: str) -> None:
        heard.append((stream, text))
        raise OSError("listener")

    with Enclave(worker_pool_config=one(), on_output=listen) as enclave:
        result = enclave.run("import sys\nprint('one')\nprint('two', file=sys.stderr)\n3")
    assert (result.value, result.stdout, result.stderr) == (3, "one\n", "two\n")
    assert "".join(text for stream, text in heard if stream == "stdout") == "one\n"
    assert "".join(text for stream, text in heard if stream == "stderr") == "two\n"
    assert "on_output raised" in caplog.text


@pytest.mark.parametrize(
    ("code", "kind", "name", "message"),
    [
        ("1/0", ErrorCode.EXECUTION_ERROR, "ZeroDivisionError", "division by zero"),
        ("class Mine(Exception): pass\nraise Mine('so')", ErrorCode.EXECUTION_ERROR, "Mine", "so"),
        ("raise SystemExit(3)", ErrorCode.EXECUTION_ERROR, "SystemExit", "3"),
        ("def f(:", ErrorCode.VALIDATION_ERROR, "SyntaxError", ""),
        ("object()", ErrorCode.RESULT_NOT_SERIALIZABLE, "", ""),
        ("a = []\na.append(a)\na", ErrorCode.RESULT_NOT_SERIALIZABLE, "", ""),
        ("'x' * 5000", ErrorCode.MESSAGE_TOO_LARGE, "", ""),
        ("call_tool('fail', {})", ErrorCode.TOOL_ERROR, "ToolError", "no such order"),
        ("print('x' * (2 << 20))", ErrorCode.OUTPUT_LIMIT, "", "1.0 MB"),
        ("for _ in range(2000): print()", ErrorCode.OUTPUT_LIMIT, "", "1000 writes"),
        ("'\\ud800", ErrorCode.VALIDATION_ERROR, "SyntaxError", ""),
        ("#" + "x" * 5000, ErrorCode.MESSAGE_TOO_LARGE, "", "4096 bytes"),
    ],
)
def test_what_a_script_did_wrong_is_in_the_result(
    code: str, kind: ErrorCode, name: str, message: str
) -> None:
    with Enclave(worker_pool_config=one(max_message_size=4096), tool_handler=tool) as enclave:
        result = enclave.run(code)
        error = failed(result, kind)
        assert message in error.message
        assert name in ("", error.name)
        with pytest.raises(GuestError):
            result.unwrap()
        assert enclave.run("'next'").unwrap() == "next"


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("[bytearray(1 << 20) for _ in range(300)]", ErrorCode.MEMORY_LIMIT_EXCEEDED, "64.0 MB"),
        ("import os\nos.abort()", ErrorCode.WORKER_CRASHED, "SIGABRT"),
    ],
)
def test_what_the_core_contains_is_in_the_result(code: str, kind: ErrorCode, message: str) -> None:
    with Enclave(worker_pool_config=one(memory_limit_per_worker=64 << 20)) as enclave:
        assert message in failed(enclave.run(code), kind).message
        assert enclave.run("'next'").unwrap() == "next"


def test_where_an_error_is_below_a_top_level_await(enclave: Enclave) -> None:
    script = """
import asyncio, json
async def load(text):
    return json.loads(text)
await asyncio.gather(asyncio.sleep(0), load("["))
"""
    stack = failed(enclave.run(script), ErrorCode.EXECUTION_ERROR).stack
    assert stack is not None
    places = [line.strip() for line in stack.splitlines() if line.startswith("  File ")]
    # The script's own frames, then those of the library that it called: none of the loop that runs it.
    assert places[:2] == ['File "<enclave>", line 5, in <module>', 'File "<enclave>", line 4, in load']
    assert all("json" in place for place in places[2:])
    assert len(places) > 2


def test_where_an_error_is(enclave: Enclave) -> None:
    stack = failed(enclave.run("def f():\n    return 1/0\n\nf()"), ErrorCode.EXECUTION_ERROR).stack
    assert stack is not None
    assert stack.index("line 4") < stack.index("line 2, in f") < stack.index("ZeroDivisionError")
    assert "bootstrap" not in stack
    data = failed(enclave.run("x = 1\ny = = 2"), ErrorCode.VALIDATION_ERROR).data
    assert data is not None
    assert data["line"] == 2


def test_a_crash_names_its_signal(enclave: Enclave) -> None:
    error = failed(enclave.run("import os\nos.abort()"), ErrorCode.WORKER_CRASHED)
    assert error.data == {"signal": "SIGABRT"}
    assert enclave.stats().contained_crashes >= 1


def test_figures_of_a_run(enclave: Enclave) -> None:
    stats = enclave.run("x = sum(range(100_000))\ncall_tool('a')\ncall_tool('b')").stats
    assert 0 < stats.duration < 20
    assert 0 < stats.cpu_time < 20
    assert (stats.tool_call_count, stats.queue_time) == (2, 0.0)
    assert stats.peak_memory > 0
    assert stats.worker_id > 0


# --- tools -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("call_tool('add', {'a': [1, None]})", {"name": "add", "args": {"a": [1, None]}}),
        ("call_tool('add')", {"name": "add", "args": {}}),
        ("await acall_tool('b', {})", {"name": "b", "args": {}}),
        ("try:\n    call_tool('fail', {})\nexcept ToolError as e:\n    return str(e)", "no such order"),
    ],
)
def test_tools(enclave: Enclave, code: str, value: object) -> None:
    assert enclave.run(code).unwrap() == value


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("call_tool('odd', {})", "'odd' cannot cross"),
        ("call_tool('x', {1: 2})", "must be a dict with str keys"),
    ],
)
def test_tool_calls_that_cannot_be_served(enclave: Enclave, code: str, message: str) -> None:
    error = failed(enclave.run(code), ErrorCode.TOOL_ERROR)
    assert message in error.message


def test_without_a_handler_there_are_no_tools() -> None:
    error = failed(run("call_tool('x', {})"), ErrorCode.TOOL_ERROR)
    assert "has no tool_handler" in error.message


@pytest.mark.parametrize("limit", [0, 3])
def test_more_tool_calls_than_allowed_end_the_run(limit: int) -> None:
    code = "while True:\n    try:\n        call_tool('x', {})\n    except BaseException:\n        pass"
    with Enclave(worker_pool_config=one(), tool_handler=tool, max_tool_calls=limit) as enclave:
        error = failed(enclave.run(code), ErrorCode.MAX_TOOL_CALLS)
        assert error.message == f"made {limit + 1} tool calls; the limit is {limit}"
        assert enclave.run(f"for _ in range({limit}): call_tool('x')").success


def test_a_slow_tool_is_a_timeout_in_the_guest() -> None:
    with Enclave(worker_pool_config=one(), tool_handler=tool, tool_timeout=1e-9) as enclave:
        error = failed(enclave.run("call_tool('slow', {})"), ErrorCode.TOOL_ERROR)
    assert "'slow' took" in error.message


def test_a_tool_may_run_scripts_itself_until_the_pool_is_used_up() -> None:
    box: list[Enclave] = []

    def nested(name: str, args: dict[str, Any]) -> Any:
        depth = args["depth"]
        code = f"call_tool('deeper', {{'depth': {depth + 1}}})" if depth < args.get("most", 9) else "'bottom'"
        return box[0].run(code).unwrap()

    config = one(max_workers=3, queue_timeout=0.05)
    with Enclave(worker_pool_config=config, tool_handler=nested) as enclave:
        box.append(enclave)
        assert enclave.run("call_tool('x', {'depth': 1, 'most': 1})").unwrap() == "bottom"
        error = failed(enclave.run("call_tool('x', {'depth': 1})"), ErrorCode.TOOL_ERROR)
        assert "no worker became free" in error.message
        assert enclave.run("1").unwrap() == 1


# --- limits of time --------------------------------------------------------------------------------------------


def test_timeouts_of_enclave_and_run() -> None:
    with Enclave(worker_pool_config=one(), timeout=0.05) as enclave:
        first = enclave.run(ENDLESS)
        second = enclave.run(ENDLESS, timeout=0.1)
    for result, limit in ((first, "50 ms"), (second, "100 ms")):
        message = failed(result, ErrorCode.TIMEOUT).message
        assert message.startswith("ran for ")
        assert message.endswith(f"the limit is {limit}")
    assert first.stats.worker_id == second.stats.worker_id, "a halt does not cost the worker"


def test_cpu_limit() -> None:
    with Enclave(worker_pool_config=one(), cpu_limit=0.05) as enclave:
        error = failed(enclave.run(ENDLESS), ErrorCode.CPU_LIMIT)
        assert "processor time" in error.message


# --- arguments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (
            {"adapter": "process"},
            ValueError,
            r"adapter: expected one of 'subinterpreter', 'inline', got 'process' \(planned, not there yet: 'process'\)",
        ),
        ({"adapter": 3}, TypeError, "adapter: .* got int 3"),
        ({"security_level": "LAX"}, ValueError, "security_level: .*'STRICT'.* got 'LAX'"),
        ({"security_level": None}, TypeError, "security_level: .* got NoneType"),
        (
            {"worker_pool_config": {}},
            TypeError,
            "worker_pool_config: expected a WorkerPoolConfig .* got dict",
        ),
        ({"tool_handler": 1}, TypeError, "tool_handler: expected a callable .* got int 1"),
        ({"on_output": 1}, TypeError, "on_output: expected a callable"),
        ({"timeout": 0}, ValueError, "timeout: expected seconds .* got 0"),
        ({"timeout": "5"}, TypeError, "timeout: expected seconds"),
        ({"cpu_limit": -1}, ValueError, "cpu_limit: expected seconds"),
        ({"tool_timeout": math.nan}, ValueError, "tool_timeout: expected seconds"),
        ({"max_tool_calls": -1}, ValueError, "max_tool_calls: expected an integer of at least 0, got -1"),
        ({"max_iterations": 0}, ValueError, "max_iterations: expected an integer of at least 1, got 0"),
        ({"pristine": 1}, TypeError, "pristine: expected True or False, got int 1"),
        ({"globals": [1]}, TypeError, "globals: expected a mapping"),
        ({"globals": {1: 2}}, TypeError, "globals: expected names as str, got int 1"),
        ({"globals": {"a b": 2}}, ValueError, "globals: expected names that are identifiers, got 'a b'"),
        ({"globals": {"__builtins__": {}}}, ValueError, "globals: .* belongs to the interpreter"),
        (
            {"globals": {"f": object()}},
            TypeError,
            r"globals\['f'\]: expected a value that can cross, got object",
        ),
        ({"allowed_modules": "math"}, TypeError, "allowed_modules: expected a set or list"),
        ({"allowed_modules": ["a-b"]}, ValueError, "allowed_modules: .* got 'a-b'"),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        Enclave(**{"worker_pool_config": one(warm_on_init=False), **arguments})


def test_a_coroutine_function_is_no_tool_handler() -> None:
    async def handler(name: str, args: dict[str, Any]) -> None: ...

    with pytest.raises(TypeError, match="tool_handler: expected a plain function"):
        Enclave(tool_handler=handler)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"code": b"1"}, TypeError, "code: expected the script's source as str, got bytes"),
        ({"code": "1", "timeout": -1}, ValueError, "timeout: expected seconds"),
        ({"code": "1", "globals": {"x": object()}}, TypeError, r"globals\['x'\]"),
        ({"code": "1", "globals": {"class": 1}}, ValueError, "identifiers, got 'class'"),
    ],
)
def test_wrong_arguments_of_a_run(
    enclave: Enclave, arguments: dict[str, Any], kind: type[Exception], message: str
) -> None:
    for call in (enclave.run, enclave.submit):
        with pytest.raises(kind, match=message):
            call(**arguments)


# --- the rest of the façade ------------------------------------------------------------------------------------------


def test_one_shot() -> None:
    assert run("a * 2", globals={"a": 21}, security_level="STRICT").unwrap() == 42
    failed(run(ENDLESS, timeout=0.05, worker_pool_config=WorkerPoolPresets.STRICT), ErrorCode.TIMEOUT)


def test_capabilities() -> None:
    found = capabilities()
    assert dataclasses.is_dataclass(found)
    assert dict(found).keys() == found.details.keys()
    assert (found.hard_halt, found.memory_limit, found.crash_containment) == (True, True, True)
    assert (found.seccomp, found.type_sealing, found.audit_policy) == (True, True, True)
    assert all(name in str(found) for name in found)
    with pytest.raises(ValueError, match="planned"):
        capabilities("process")


def test_what_the_platform_lacks_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from enclave_subinterp import UnsupportedPlatformError, _native

    monkeypatch.setattr(
        _native, "platform", lambda: {"rewind": "none", "hard_halt": True, "memory_limit": False}
    )
    with pytest.raises(UnsupportedPlatformError, match="lacks memory_limit, crash_containment, rewind"):
        Enclave(worker_pool_config=one())


def test_a_script_does_not_see_the_hosts_signal_handlers() -> None:
    before = signal.signal(signal.SIGUSR1, lambda number, frame: None)
    try:
        with Enclave() as enclave:
            result = enclave.run(
                "import signal; [signal.getsignal(s) == signal.SIG_DFL for s in (signal.SIGINT, signal.SIGUSR1)]"
            )
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert result.value == [True, True]
