"""Sections on what surrounds a run: starts, kills, layers of the sandbox."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final

from benchmarks import _measure
from benchmarks.programme import tasks, ways
from benchmarks.programme.figures import interleaved, once_a_round, summary, timed

HALT: Final = _measure.ROOT / "tests" / "hostile" / "halt"

# --- Starts ---------------------------------------------------------------------------------------------------------


def start(seconds: float, quick: bool) -> dict[str, Any]:
    """A worker's start beside the making of a bare subinterpreter; and from nothing to a first result."""
    _measure.prepare_host()
    with _measure.ready_slot() as slot:
        modules = _measure.run(slot, _measure.encode_script("import sys; sorted(sys.modules)"))
    assert isinstance(modules, list)
    imports = _measure.import_script([str(name) for name in modules])
    measures: dict[str, Callable[[], float]] = {
        "worker, without its warm-up": lambda: _slot_start(_measure.EMPTY_BOOTSTRAP),
        "create(), bare": lambda: _plain_start(None),
        "worker, ready for scripts": lambda: _slot_start(_measure.bootstrap()),
        "create() and the same modules": lambda: _plain_start(imports),
    }
    rows = once_a_round(measures, seconds * 0.5)
    first: dict[str, Callable[[], float]] = {}
    missing: dict[str, str] = {}
    makers: dict[str, Callable[[], Any]] = {
        ways.FORK: lambda: ways.processes("fork", 1),
        ways.FORKSERVER: lambda: ways.processes("forkserver", 1),
        ways.SPAWN: lambda: ways.processes("spawn", 1),
        ways.EXECUTOR: _executor,
        ways.INTERPRETERS: lambda: ways.interpreters(1),
    }
    for name, make in makers.items():
        try:
            _first_result(make)  # what is loaded once
        except ways.MissingError as reason:
            missing[name] = str(reason)
        else:
            first[name] = lambda make=make: _first_result(make)  # type: ignore[misc]
    first[ways.PRISTINE] = _first_run
    return {"rows": rows, "first": once_a_round(first, seconds * 0.5), "missing": missing}


def _slot_start(text: bytes) -> float:
    begun = time.perf_counter()
    slot = _measure.make_slot(text)
    took = time.perf_counter() - begun
    assert slot.close(10.0)
    return took


def _plain_start(script: str | None) -> float:
    begun = time.perf_counter()
    plain = _measure.Plain()
    if script is not None:
        plain.exec(script)
    took = time.perf_counter() - begun
    plain.destroy()
    return took


def _executor() -> Any:
    from enclave_subinterp import EnclaveExecutor

    return EnclaveExecutor(1)


def _first_result(make: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    with make() as pool:
        assert pool.submit(tasks.tiny, 1).result() == 2
        return time.perf_counter() - begun


def _first_run() -> float:
    begun = time.perf_counter()
    with ways.enclave(1, pristine=True) as made:
        assert made.run("1+1").unwrap() == 2
        return time.perf_counter() - begun


# --- Kills ----------------------------------------------------------------------------------------------------------

UNDER_WAY: Final = 0.003  # seconds after which a program is where it stays
ENDLESS: Final = {
    "loop": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "loop in C": "import itertools\nsum(itertools.repeat(1))",
    "sleep": "import time\ntime.sleep(3600)",
    "regular expression": "import re\nre.match('(a*)*b', 'a' * 40)",
    "lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
}


def spin() -> None:
    """The endless task of the pools of processes."""
    while True:
        pass


def kill(seconds: float, quick: bool) -> dict[str, Any]:
    """From the wish to the caller's answer, and to the answer of the next run, which the same worker gives."""
    with ExitStack() as stack:
        made = stack.enter_context(ways.enclave(1, pristine=True, timeout=600.0))
        pair = _Pair()
        for source in ENDLESS.values():
            pair.kill(made, source)
        named: dict[str, _Pair] = {name: _Pair() for name in ENDLESS}
        begun = time.monotonic()
        while time.monotonic() - begun < seconds * 0.35 or len(named["loop"].error) < 3:
            for name, source in ENDLESS.items():
                named[name].kill(made, source)
        suite, odd, ended = _suite(made, seconds * 0.4, quick)
        peers, missing = _peers(stack, seconds * 0.25)
    rows = {f"{name}": each.summaries() for name, each in named.items()}
    rows["every program of the halt suite"] = suite.summaries()
    return {
        "rows": {name: found["error"] for name, found in rows.items()}
        | {n: p["error"] for n, p in peers.items()},
        "next": {name: found["next"] for name, found in rows.items()}
        | {n: p["next"] for n, p in peers.items()},
        "missing": missing,
        "programs": len(suite.error),
        "other_worker": odd,
        "ended_themselves": ended,
    }


class _Pair:
    """Times of kills, and of the next answers after them."""

    def __init__(self) -> None:
        self.error: list[float] = []
        self.next: list[float] = []

    def kill(self, made: Any, source: str) -> tuple[bool, bool]:
        """Run, wait until it is under way, kill, run the next; was it killed, and was it the same worker?"""
        handle = made.submit(source)
        while not (handle.done() or _running(made)):
            time.sleep(0)
        threading.Event().wait(UNDER_WAY)
        begun = time.perf_counter()
        handle.kill()
        result = handle.result()
        told = time.perf_counter()
        after = made.run("sum(range(10))")
        served = time.perf_counter()
        assert after.unwrap() == 45
        killed = result.error is not None and result.error.code == "ABORTED"
        if killed:
            self.error.append(told - begun)
            self.next.append(served - begun)
        return killed, after.stats.worker_id == result.stats.worker_id

    def summaries(self) -> dict[str, dict[str, float]]:
        return {"error": summary(self.error), "next": summary(self.next)}


def _running(made: Any) -> bool:
    workers = list(made._pool.staff.workers)
    return any(worker._slot.state == _measure.RUNNING for worker in workers)


def _suite(made: Any, seconds: float, quick: bool) -> tuple[_Pair, int, int]:
    """Each program of the halt suite once, as far as the time goes; those that end by themselves are left out."""
    pair, odd, ended = _Pair(), 0, 0
    begun = time.monotonic()
    paths = sorted(HALT.glob("*.py"))
    for path in paths[:: max(1, len(paths) // 10)] if quick else paths:
        text = path.read_text()
        if "# layer: process" in text:
            continue
        killed, same = pair.kill(made, text)
        odd += killed and not same
        ended += not killed
        if time.monotonic() - begun > seconds * 3:
            break
    return pair, odd, ended


def _peers(stack: ExitStack, seconds: float) -> tuple[dict[str, dict[str, dict[str, float]]], dict[str, str]]:
    """What a task that is stuck costs those who have to end a process for it."""
    try:
        pool = ways._module("pebble").ProcessPool(max_workers=1)
    except ways.MissingError as reason:
        return {}, {ways.PEBBLE: str(reason)}
    pair = _Pair()
    try:
        pool.schedule(tasks.tiny, args=(1,)).result()
        begun = time.monotonic()
        while time.monotonic() - begun < seconds or len(pair.error) < 3:
            future = pool.schedule(spin)
            while not future.running():
                time.sleep(0.001)
            threading.Event().wait(UNDER_WAY)
            start_ = time.perf_counter()
            future.cancel()
            with contextlib.suppress(BaseException):
                future.result()
            pair.error.append(time.perf_counter() - start_)
            pool.schedule(tasks.tiny, args=(1,)).result()
            pair.next.append(time.perf_counter() - start_)
    finally:
        pool.stop()
        pool.join()
    return {f"{ways.PEBBLE}, a new process": pair.summaries()}, {}


# --- Layers ---------------------------------------------------------------------------------------------------------

# What is on in each row.  Sealed types, audit events and forgotten modules are one policy of the core's, on or off as a
# whole but in the build for tests.
_ALL: Final = frozenset({"language", "modules", "functions", "types", "audit", "system"})
_POLICY: Final = frozenset({"modules", "types", "audit"})
LAYERS: Final = {
    "all": _ALL,
    "without language": _ALL - {"language"},
    "without functions": _ALL - {"functions"},
    "without modules, types, audit": _ALL - _POLICY,
    "without system": _ALL - {"system"},
    "none": frozenset[str](),
}
WORK: Final = {
    "1+1": "1+1",
    "200 lines": "\n".join(
        f"def f{i}(a, b):\n    c = [a * {i} + b for a in range(3)]\n    return c" for i in range(67)
    ),
    "imports": "import json, re\njson.loads(json.dumps({'a': [1, 2, 3]}))\nre.findall('[a-z]+', 'one two')\n0",
    "computing": "t = 0\nfor i in range(20_000): t += i * i % 7\nt",
}


@contextlib.contextmanager
def only(layers: frozenset[str]) -> Iterator[None]:
    """Enclaves that are made in here have these layers."""
    from enclave_subinterp._adapters import subinterpreter

    before = subinterpreter.LAYERS
    subinterpreter.LAYERS = layers
    try:
        yield
    finally:
        subinterpreter.LAYERS = before


def layers(seconds: float, quick: bool) -> dict[str, Any]:
    """What each layer of the sandbox costs: a start, and runs of four kinds, with it and without."""
    points: dict[str, Any] = {}

    def started(on: frozenset[str]) -> Callable[[], float]:
        def measure() -> float:
            with only(on):
                begun = time.perf_counter()
                with ways.enclave(1, pristine=True):
                    return time.perf_counter() - begun

        return measure

    points["start"] = once_a_round({name: started(on) for name, on in LAYERS.items()}, seconds * 0.3)
    with ExitStack() as stack:
        made = {}
        for name, on in LAYERS.items():
            with only(on):
                made[name] = stack.enter_context(ways.enclave(1, pristine=True))
        for work, source in WORK.items():
            turns = {}
            for name, enclave in made.items():
                enclave.run(source).unwrap()
                turns[name] = _idle_turns(enclave, source)
            points[work] = interleaved(turns, seconds * 0.7 / len(WORK))
    return {"points": points}


def _idle_turns(made: Any, source: str) -> Callable[[int], list[float]]:
    slot = ways.idle_slot(made)

    def turns(count: int) -> list[float]:
        took = []
        for _ in range(count):
            _measure.until(slot, _measure.IDLE)
            took.append(timed(lambda: made.run(source)))
        return took

    return turns
