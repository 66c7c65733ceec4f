"""Adapter "inline": what it refuses, what is advisory, and what it leaves alone of the host."""

from __future__ import annotations

import asyncio
import builtins
import contextvars
import dataclasses
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from enclave_subinterp import (
    AsyncEnclave,
    Enclave,
    ErrorCode,
    RunResult,
    UnsupportedPlatformError,
    WorkerPoolConfig,
    WorkerPoolPresets,
    _native,
    capabilities,
    run,
)

WAIT = 20.0  # seconds in which whatever is waited for has happened
ENDLESS = "while True: pass"
CATCHING = "while True:\n    try:\n        pass\n    except BaseException:\n        pass"
OWN_LOOP = "import asyncio\nasync def f():\n    while True:\n        await asyncio.sleep(0)\nasyncio.run(f())"
WAITING = "import asyncio\nasync def f():\n    await {}\nasyncio.run(f())"
LOOP_WAITS = WAITING.format("asyncio.get_running_loop().create_future()")
LOOP_SLEEPS = WAITING.format("asyncio.sleep(1000)")


def small(**fields: Any) -> WorkerPoolConfig:
    return WorkerPoolConfig(
        **{"min_workers": 1, "max_workers": 1, "graceful_shutdown_timeout": 0.0, **fields}
    )


def inline(**options: Any) -> Enclave:
    return Enclave(**{"adapter": "inline", "worker_pool_config": small(), **options})


def code(result: RunResult) -> ErrorCode | None:
    return None if result.error is None else result.error.code


def child(script: str) -> str:
    """Run a script in a process of its own, with an `inline()` as above: its output."""
    script = f"""
import os, signal, sys, threading, time
from enclave_subinterp import *
def inline(**options):
    config = WorkerPoolConfig(min_workers=1, max_workers=1, graceful_shutdown_timeout=0.0)
    return Enclave(**{{"adapter": "inline", "worker_pool_config": config, **options}})
def later(number):
    threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
{script}"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def enclave() -> Iterator[Enclave]:
    with inline() as made:
        yield made


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"security_level": "STRICT"}, "'STRICT' needs .*hard_halt, rewind, memory_limit.*audit_policy"),
        ({"security_level": "SECURE"}, "'SECURE' needs"),
        ({"cpu_limit": 1.0}, "cpu_limit needs a hard halt"),
        (
            {"worker_pool_config": WorkerPoolPresets.STRICT},
            "memory_limit_per_worker=67108864 cannot be enforced",
        ),
    ],
)
def test_what_it_cannot_enforce_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UnsupportedPlatformError, match=message):
        inline(**options)


@pytest.mark.parametrize("level", ["STANDARD", "PERMISSIVE"])
def test_the_other_levels_work(level: str) -> None:
    with Enclave(adapter="inline", security_level=level) as enclave:
        assert enclave.run("1 + 1").unwrap() == 2
        assert "inline" in repr(enclave)
    config = dataclasses.replace(getattr(WorkerPoolPresets, level), max_workers=40)
    assert run("2", adapter="inline", security_level=level, worker_pool_config=config).unwrap() == 2


def test_capabilities_promise_nothing() -> None:
    found = capabilities("inline")
    assert not any(found[name] for name in found)
    assert set(found.details) == set(found)
    assert "advisory" in found.details["hard_halt"]


def test_a_session_has_no_checkpoints(enclave: Enclave) -> None:
    with enclave.session() as session:
        session.run("x = 1")
        with pytest.raises(UnsupportedPlatformError, match="rewind"):
            session.checkpoint()
        assert session.run("x").value == 1
        assert code(session.run(f"x = 2\n{ENDLESS}", timeout=0.02)) is ErrorCode.TIMEOUT
        assert session.run("'x' in globals()").value is False
        session.run("x = 1")
        session.reset()
        assert session.run("'x' in globals()").value is False


# A loop of the script's own that is interrupted as it is made is left to the collector.
COMPLAINS = pytest.mark.filterwarnings("ignore::ResourceWarning")

# --- the advisory end ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        ENDLESS,
        CATCHING,
        "def f(): f()\nwhile True:\n    try:\n        f()\n    except RecursionError:\n        pass",
        "import asyncio\nawait asyncio.sleep(60)",
        "import asyncio\nawait asyncio.gather(*[asyncio.sleep(60) for _ in range(3)])",
        *(pytest.param(script, marks=COMPLAINS) for script in (OWN_LOOP, LOOP_WAITS, LOOP_SLEEPS)),
        *(CATCHING.replace("pass", act, 1) for act in ("1 / 0", "int('a')", "(lambda: 1 / 0)()")),
        f"try:\n    {ENDLESS}\nexcept BaseException:\n    pass\n7",
        f"try:\n    {ENDLESS}\nexcept BaseException:\n    raise ValueError",
        f"try:\n    {ENDLESS}\nfinally:\n    print('last words')",
    ],
)
def test_plain_python_ends_at_its_time_limit(enclave: Enclave, script: str) -> None:
    result = enclave.run(script, timeout=0.05)
    assert code(result) is ErrorCode.TIMEOUT
    assert result.stats.duration >= 0.05
    assert result.stats.duration < 5
    assert sys.gettrace() is None
    assert enclave.run("1 + 1").unwrap() == 2
    gc.collect()  # what complains is to do so now


def test_a_call_into_c_is_not_seen_but_told_of(enclave: Enclave) -> None:
    """GIVEN a script that sleeps beyond its time WHEN it wakes THEN it has not got away with it."""
    result = enclave.run("import time\ntime.sleep(0.2)\n7", timeout=0.02)
    assert code(result) is ErrorCode.TIMEOUT
    assert result.stats.duration >= 0.2


@pytest.fixture
def no_finalizers() -> Iterator[None]:
    """Those of other tests' leavings would run in a script's midst, and be struck with it: a known limit."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_finalizers")
def test_the_end_strikes_the_script_alone(enclave: Enclave) -> None:
    """GIVEN limits about as long as the scripts take WHEN they are run THEN each ends one way or the other."""
    seen: dict[ErrorCode | None, int] = {}
    for turn in range(1_500):
        result = enclave.run("for n in range(200): print(end='')\n7", timeout=1e-5 + turn % 50 * 1e-5)
        found = code(result)
        seen[found] = seen.get(found, 0) + 1
        assert result.value == (7 if found is None else None)
    assert seen.keys() <= {None, ErrorCode.TIMEOUT}
    assert len(seen) == 2, "one of the two never came: the test holds nothing"


def test_a_handler_is_not_interrupted() -> None:
    done: list[str] = []

    def handler(name: str, args: dict[str, Any]) -> None:
        until = time.monotonic() + 0.1
        while time.monotonic() < until:
            pass
        done.append(name)

    with inline(tool_handler=handler, timeout=0.02) as enclave:
        assert code(enclave.run("call_tool('a')\n7")) is ErrorCode.TIMEOUT
        assert (
            code(enclave.run("try:\n    call_tool('b')\nexcept BaseException:\n    pass\n7"))
            is ErrorCode.TIMEOUT
        )
    assert done == ["a", "b"]


def test_a_limit_that_is_caught_is_a_limit_still(enclave: Enclave) -> None:
    result = enclave.run(
        "for _ in range(2000):\n    try:\n        print(1)\n    except BaseException:\n        pass\n7"
    )
    assert code(result) is ErrorCode.OUTPUT_LIMIT
    assert result.stdout == "1\n" * 1000


def test_interruptible() -> None:
    class Ended(BaseException):
        pass

    call = _native.Interruptible(Ended, Ended)
    assert call.run(print, len, "abc") == 3
    assert call.interrupt() is False
    with pytest.raises(Ended):
        call.run(print, len, "abc")

    call = _native.Interruptible(Ended, Ended)

    def inner() -> str:
        assert call.host(call.interrupt) is False, "the end is put off while the host has the thread"
        return "not reached"

    with pytest.raises(Ended):
        call.run(print, inner)

    call = _native.Interruptible(Ended, Ended)

    def catching() -> str:
        try:
            call.interrupt()
            for _ in range(10):
                pass
        except Ended:
            return "caught"
        return "missed"

    assert call.run(print, catching) == "caught"
    for wrong in (lambda: call.run(len), lambda: call.host(), lambda: _native.Interruptible(int, int)):  # type: ignore[type-var]
        with pytest.raises(TypeError):
            wrong()


# --- what nobody can catch -------------------------------------------------------------------------------------------

FINALIZER = "class Late:\n    def __del__(self):\n        {}\n"


@pytest.fixture
def unraisable(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the host's own hook is called with."""
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: seen.append(report.exc_value))
    return seen


def test_an_exception_in_a_finalizer_is_for_the_scripts_stderr(
    enclave: Enclave, unraisable: list[Any]
) -> None:
    hook = sys.unraisablehook
    result = enclave.run(FINALIZER.format("1 / 0") + "Late()\n7")
    assert (result.value, unraisable) == (7, [])
    first, *_, line, last = result.stderr.splitlines()
    assert first.startswith("Exception ignored")
    assert "Late.__del__" in first
    assert line == '  File "<enclave>", line 3, in __del__'
    assert last == "ZeroDivisionError: division by zero"
    assert sys.unraisablehook is hook


def test_a_halt_in_a_finalizer_is_nobodys_news(unraisable: list[Any]) -> None:
    with inline(timeout=0.02) as enclave:
        for way in ("while True: pass", "try:\n            while True: pass\n        finally: 1 / 0"):
            result = enclave.run(FINALIZER.format(way) + "Late()\nwhile True: Late()")
            assert code(result) is ErrorCode.TIMEOUT
    assert unraisable == []


@pytest.mark.parametrize("last", ["Late()", "def f():\n    late = Late()\n    1 / 0\nf()"])
def test_what_a_script_leaves_is_dropped_within_its_time(last: str, unraisable: list[Any]) -> None:
    with inline(timeout=0.02) as enclave:
        assert code(enclave.run(FINALIZER.format("while True: pass") + last)) is ErrorCode.TIMEOUT
    assert unraisable == []


def test_a_halt_while_a_finalizers_exception_is_told(unraisable: list[Any]) -> None:
    """GIVEN an object whose repr() never returns WHEN it is shown as what failed THEN the halt ends that as well."""
    script = """
class Callable:
    def __call__(self, _): 1 / 0
    def __repr__(self):
        while True: pass
import weakref
class Thing: pass
thing = Thing()
kept = weakref.ref(thing, Callable())
del thing
while True: pass
"""
    with inline(timeout=0.02) as enclave:
        assert code(enclave.run(script)) is ErrorCode.TIMEOUT
    assert unraisable == []


def test_the_hosts_finalizers_are_the_hosts(unraisable: list[Any]) -> None:
    class Late:
        def __del__(self) -> None:
            raise LookupError("the host's")

    def tool(_name: str, _arguments: object) -> str:
        Late()
        with inline() as inner:
            inner.run(FINALIZER.format("1 / 0") + "Late()")
        return "done"

    with inline(tool_handler=tool) as enclave:
        result = enclave.run("call_tool('x')")
    assert (result.value, result.stderr) == ("done", "")
    assert [str(error) for error in unraisable] == ["the host's"]


def test_a_hook_that_the_host_sets_meanwhile_stays(unraisable: list[Any]) -> None:
    """GIVEN a run WHEN a hook is set over ours, and ours is put back after the run THEN it leads to the first hook."""
    before: list[Any] = []

    def tool(_name: str, _arguments: object) -> None:
        before.append(sys.unraisablehook)
        sys.unraisablehook = above

    def above(report: Any) -> None:
        unraisable.append("above")
        before[0](report)

    class Late:
        def __del__(self) -> None:
            raise LookupError

    with inline(tool_handler=tool) as enclave:
        enclave.run("call_tool('x')")
        assert sys.unraisablehook is above
        assert enclave.run(FINALIZER.format("1 / 0") + "Late()\n7").stderr
        assert sys.unraisablehook is above
        Late()
        sys.unraisablehook = before[0]
        enclave.run("7")
        Late()
    assert [item if item == "above" else type(item) for item in unraisable] == [
        "above",
        LookupError,
        LookupError,
    ]


# --- ordinary mistakes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("import sys\nsys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f():\n    raise KeyboardInterrupt()\nf()", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise MemoryError", "MemoryError"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("import asyncio\nasync def f(): raise SystemExit(1)\nawait f()", "SystemExit"),
        ("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E", "SystemExit"),
        ("import __main__", "ImportError"),
        ("import ctypes", "ImportError"),
        ("open('/etc/passwd')", "PermissionError"),
        ("input('? ')", "EOFError"),
    ],
)
def test_mistakes_are_results(script: str, name: str) -> None:
    with inline(security_level="PERMISSIVE") as enclave:
        error = enclave.run(script).error
        assert error is not None
        assert (error.name, error.code) == (name, ErrorCode.EXECUTION_ERROR)
        assert enclave.run("1 + 1").unwrap() == 2


def test_a_stack_has_the_scripts_frames_alone(enclave: Enclave) -> None:
    error = enclave.run("def f():\n    print('x', sep=1)\nf()").error
    assert error is not None
    assert error.stack is not None
    assert error.stack.count("File ") == 2


@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt])
@pytest.mark.parametrize("call", ["call_tool('x')", "import asyncio; await acall_tool('x')"])
def test_what_a_handler_raises_that_is_no_exception_is_the_callers(
    raised: type[BaseException], call: str
) -> None:
    def handler(name: str, args: dict[str, Any]) -> None:
        raise raised

    with inline(tool_handler=handler) as enclave:
        with pytest.raises(raised):
            enclave.run(f"try:\n    {call}\nexcept BaseException:\n    pass\n7")
        assert enclave.run("1 + 1").unwrap() == 2


# --- the host's own --------------------------------------------------------------------------------------------------


def test_the_hosts_streams_are_left_alone(enclave: Enclave, capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr, sys.stdin
    script = """
import builtins, contextlib, io, sys
print("a")
builtins.print("b")
sys.stdout.write("c\\n")
print("d", file=sys.stderr)
held = io.StringIO()
with contextlib.redirect_stdout(held):
    print("e")
with contextlib.redirect_stderr(io.StringIO()):
    print("f", file=sys.stderr)
sys.stdout = io.StringIO()
print("g")
(held.getvalue(), sys.stdout.getvalue(), sys.stdin.read(), sys.argv)
"""
    result = enclave.run(script)
    assert result.unwrap() == ("e\n", "g\n", "", [""])
    assert (result.stdout, result.stderr) == ("a\nb\nc\n", "d\n")
    assert (sys.stdout, sys.stderr, sys.stdin) == before
    assert capsys.readouterr() == ("", "")


def test_the_hosts_builtins_and_modules_are_left_alone(enclave: Enclave) -> None:
    names, modules = dict(vars(builtins)), set(sys.modules)
    context = contextvars.copy_context()
    script = """
import builtins, math, sys
builtins.added = 1
print = len
sys.added = 2
(added, call_tool is builtins.call_tool, math.floor(1.5))
"""
    assert enclave.run(script).unwrap() == (1, True, 1)
    assert dict(vars(builtins)) == names
    assert set(sys.modules) == modules
    assert not hasattr(sys, "added")
    assert enclave.run("'added' in dir(__import__('builtins'))").unwrap() is False
    assert list(contextvars.copy_context().items()) == list(context.items())


def test_values_are_copies() -> None:
    given = {"list": [1]}
    kept: list[Any] = []

    def handler(name: str, args: dict[str, Any]) -> Any:
        kept.append(args["x"])
        return kept

    with inline(globals={"given": given}, tool_handler=handler) as enclave:
        script = """
given["list"].append(2)
x = [3]
back = call_tool("t", {"x": x})
x.append(4)
back.append(5)
(given, x, back)
"""
        result = enclave.run(script).unwrap()
    assert (given, kept) == ({"list": [1]}, [[3]])
    assert result == ({"list": [1, 2]}, [3, 4], [[3], 5])


# --- threads and loops -----------------------------------------------------------------------------------------------


def test_threads_in_parallel() -> None:
    failures: list[object] = []

    def work(number: int) -> None:
        for turn in range(40):
            result = enclave.run(
                "for n in range(20): print(me, end=' ')\ncall_tool('t', {'me': me})", globals={"me": number}
            )
            if result.stdout != f"{number} " * 20 or result.value != {"me": number}:
                failures.append((turn, result))

    config = small(max_workers=8, max_queue_size=8)
    with inline(worker_pool_config=config, tool_handler=lambda name, args: args) as enclave:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert enclave.stats().successful_executions == 320


def test_in_a_thread_whose_event_loop_runs() -> None:
    """GIVEN a host that blocks its event loop WHEN its script has a loop too THEN they do not meet."""
    script = "import asyncio\nreturn [await asyncio.sleep(0, 1), call_tool('a'), await acall_tool('b')]"

    async def main() -> None:
        assert enclave.run(script).unwrap() == [1, "a", "b"]
        assert code(enclave.run(ENDLESS, timeout=0.05)) is ErrorCode.TIMEOUT

    with inline(tool_handler=lambda name, args: asyncio.run(asyncio.sleep(0, name))) as enclave:
        asyncio.run(main())
        assert enclave.run(script).unwrap() == [1, "a", "b"]


def test_a_handler_may_run_scripts() -> None:
    with inline(worker_pool_config=small(max_workers=2)) as inner:
        nested = "import asyncio\nawait asyncio.sleep(0, 'inner')"
        with inline(tool_handler=lambda name, args: inner.run(nested).unwrap()) as outer:
            assert outer.run("call_tool('x')").unwrap() == "inner"
            assert outer.run("await acall_tool('x')").unwrap() == "inner"


def test_an_awaited_script_leaves_the_loop_free() -> None:
    async def handler(name: str, args: dict[str, Any]) -> int:
        turns.append(0)
        await asyncio.sleep(0)
        return len(turns)

    async def main() -> None:
        async with AsyncEnclave(
            adapter="inline", worker_pool_config=small(max_workers=2), tool_handler=handler
        ) as enclave:
            runs = [enclave.run("call_tool('x') + await acall_tool('y')"), enclave.run(ENDLESS, timeout=0.1)]
            first, second = await asyncio.gather(*runs)
            assert first.unwrap() == 3
            assert code(second) is ErrorCode.TIMEOUT
            task = asyncio.create_task(enclave.run("call_tool('x')\nimport asyncio\nawait asyncio.sleep(60)"))
            while len(turns) < 3:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await enclave.run("1")).value == 1

    turns: list[int] = []
    asyncio.run(asyncio.wait_for(main(), WAIT))


@pytest.mark.parametrize("script", [ENDLESS, "call_tool('held')", "import asyncio\nawait acall_tool('held')"])
def test_close_ends_what_runs(script: str) -> None:
    entered, let_go = threading.Event(), threading.Event()

    def handler(name: str, args: dict[str, Any]) -> None:
        entered.set()
        if name == "held":
            let_go.wait(WAIT)

    enclave = inline(tool_handler=handler)
    handle = enclave.submit(f"call_tool('in')\n{script}")
    assert entered.wait(WAIT)
    threading.Timer(0.05, let_go.set).start()
    enclave.close()
    assert code(handle.result(WAIT)) is ErrorCode.ABORTED


def test_no_thread_is_left() -> None:
    with inline(worker_pool_config=small(max_workers=3), tool_handler=lambda name, args: 1) as enclave:
        before = {thread for thread in threading.enumerate() if thread.name != "enclave-inline-watch"}
        assert code(enclave.run(ENDLESS, timeout=0.02)) is ErrorCode.TIMEOUT
        assert enclave.submit("await acall_tool('x')").result(WAIT).value == 1
        assert "enclave-inline-watch" in {thread.name for thread in threading.enumerate()}
    assert set(threading.enumerate()) <= before


# --- signals and fork ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [ENDLESS, "import time\ntime.sleep(50)", "import asyncio\nawait asyncio.sleep(50)", "call_tool('wait')"],
)
def test_ctrl_c_is_the_hosts(script: str) -> None:
    found = child(f"""
with inline(tool_handler=lambda n, a: time.sleep(50)) as enclave:
    later(signal.SIGINT)
    try:
        enclave.run({script!r}, timeout=50)
    except KeyboardInterrupt:
        print("interrupted")
    stats = enclave.stats()
    print(stats.active_workers, stats.total_workers, enclave.run("'alive'").value)
""")
    assert found.split() == ["interrupted", "0", "1", "alive"]


@pytest.mark.parametrize("kind", ["SystemExit", "LookupError"])
def test_what_a_signal_handler_raises_is_the_hosts(kind: str) -> None:
    found = child(f"""
def stop(number, frame):
    raise {kind}("stopped")
signal.signal(signal.SIGTERM, stop)
with inline() as enclave:
    later(signal.SIGTERM)
    try:
        enclave.run({ENDLESS!r}, timeout=50)
    except {kind} as error:
        print(*error.args)
""")
    assert found.split() == ["stopped"]


def test_time_limits_after_a_fork() -> None:
    found = child(f"""
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
with inline() as enclave:
    enclave.run("1")
    pid = os.fork()
    if not pid:
        with inline() as mine:
            os._exit(mine.run({ENDLESS!r}, timeout=0.05).error.code == "TIMEOUT")
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), enclave.run({ENDLESS!r}, timeout=0.05).error.code)
""")
    assert found.split() == ["1", "TIMEOUT"]
