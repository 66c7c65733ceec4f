"""A halt at every point of a slot's life, brought about by a thread that has stopped there: `halting.py KIND`.

KIND is how the halt comes: kill, time-out, memory, close.  Each point is tried twice where a signal may do it: the
thread goes on as soon as the halt was decided, and it stays until the halt has been pressed for long, which leaves the
guest at that very instruction.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

from stages import (
    ANSWERED,
    BIRTH,
    END,
    ERRAND,
    RUN,
    STUCK,
    Told,
    awaited,
    check,
    enclave,
    native,
    quiet_logs,
    serves,
)

from enclave_subinterp import Enclave, WorkerStartupError

N = native()
LONG = 16  # pressed so often, a halt has had every chance that it gets
# Too late for the memory to be missed: nothing is taken any more, or the limit is set anew.
FREE_OF_MEMORY = {
    "run taken",
    "run encoding",
    "run returned",
    "run detached",
    "run over",
    "run encoded",
    "birth begun",
}


def stopped(point: str, pokes: int) -> None:
    check(N.await_stop(point, STUCK), f"nobody came to {point!r} ({pokes})")


def submitted(host: Enclave, point: str, pokes: int, kind: str) -> Told:
    """The script, once its thread has come to the point."""
    if point in BIRTH or point == "run taken":
        N.stop_at(point, pokes, kind == "memory")
        told = Told(host)
    else:
        if point == "run asking":  # there is no answer yet
            awaited.clear()
        N.stop_at("run taken")  # the way back of the run before is over there
        told = Told(host)
        stopped("run taken", pokes)
        N.stop_at(point, pokes, kind == "memory")
        N.let_go("run taken")
    stopped(point, pokes)
    awaited.set()
    return told


def halted(host: Enclave, point: str, pokes: int, kind: str) -> str:
    """Submit the script, halt it once it is at the point, and say what it came to."""
    told = submitted(host, point, pokes, kind)
    if kind == "kill":
        killed = told.handle.kill()
        check(killed or point in ANSWERED, "kill() was refused", point)
        if not killed or point in BIRTH:  # there is nothing to halt: the birth goes on
            N.let_go(point)
        return told.outcome() if killed else f"refused, {told.outcome()}"
    if kind == "time-out":
        N.expire(point)
        if point in ANSWERED:
            N.let_go(point)
    elif kind == "close":
        host.close()
    return told.outcome()


def expected(point: str, kind: str) -> set[str]:
    if point in ANSWERED:
        return {"refused, value"} if kind == "kill" else {"value"}
    if point in BIRTH:
        # A time limit begins with the run; a worker that is made for a killed script is there for the next.
        return {
            "kill": {"ABORTED"},
            "time-out": {"value"},
            "memory": {"WorkerStartupError"} if point in BIRTH[:5] else {"value"},
            "close": {"PoolClosedError"},
        }[kind]
    return {
        "kill": {"ABORTED"},
        "time-out": {"TIMEOUT"},
        "memory": {"value"} if point in FREE_OF_MEMORY else {"MEMORY_LIMIT_EXCEEDED"},
        "close": {"ABORTED"},
    }[kind]


def ways(kind: str) -> Iterator[int]:
    yield 0
    if kind in {"kill", "time-out"}:  # a close is a kill to the core, and needs a worker for each case
        yield LONG


def try_runs(kind: str) -> int:
    """Points of a run, on one worker that serves rightly after each."""
    cases = 0
    host = enclave()
    worker = serves(host)
    for point in (*RUN, *ANSWERED):
        for pokes in ways(kind):
            if kind == "close":
                host = enclave()
                serves(host)
            what = halted(host, point, pokes, kind)
            check(what in expected(point, kind), point, pokes, what, expected(point, kind))
            if kind == "close":
                stats = host.stats()
                check(stats.active_workers == stats.total_workers == stats.condemned_slots == 0, point, stats)
            else:
                check(serves(host) == worker, "another worker", point, pokes)
            cases += 1
    host.close()
    return cases


def try_births(kind: str) -> int:
    cases = 0
    for point in BIRTH:
        with enclave() as host:
            what = halted(host, point, 0, kind)
            check(what in expected(point, kind), point, what, expected(point, kind))
            if kind != "close":
                serves(host)
            cases += 1
    return cases


def try_rest(kind: str) -> int:
    """A worker that is idle, on an errand of a session, or at its end."""
    cases = 0
    for point in ("idle", *ERRAND, *END):
        if kind == "memory" and point != "idle":
            continue  # nothing of the guest's is taken there
        with enclave() as host:
            first = serves(host)
            if point not in ERRAND:
                N.stop_at(point, -1 if point in {"idle", "end over"} else 0, kind == "memory")
            if point in ERRAND:
                rest_on_errand(host, point, kind)
            elif point in END:
                crash = host.submit("import os\nos.abort()").result(STUCK)
                check(crash.error is not None and crash.error.code == "WORKER_CRASHED", crash)
                stopped(point, 0)
                rest(host, point, kind)
            else:
                serves(host)
                stopped(point, 0)
                rest(host, point, kind)
            N.let_go(point)
            if kind != "close":
                check((serves(host) == first) == (point not in END), point, "worker", first)
            cases += 1
    return cases


def rest(host: Enclave, point: str, kind: str) -> None:
    if kind == "close":
        if point == "idle":
            N.let_go(point)
        host.close()
        return
    told = Told(host)
    if point == "idle" and kind in {"kill", "time-out"}:
        # The job lies there, and the worker has not seen it yet.
        if kind == "kill":
            check(told.handle.kill(), "kill() was refused")
        else:
            N.expire(point)
        N.let_go(point)
        what, right = told.outcome(), {"kill": "ABORTED", "time-out": "TIMEOUT"}[kind]
    else:
        killed = kind == "kill" and told.handle.kill()
        N.let_go(point)
        what, right = told.outcome(), "ABORTED" if killed else "value"
    check(what == right, point, what)


def rest_on_errand(host: Enclave, point: str, kind: str) -> None:
    """A run cannot be under way meanwhile: a halt finds nothing to end, and the errand is done."""
    with host.session() as session:
        session.run("x = 1")
        N.stop_at(point)
        done: list[object] = []
        thread = threading.Thread(target=lambda: done.append(session.checkpoint()))
        thread.start()
        stopped(point, 0)
        closing = threading.Thread(target=host.close if kind == "close" else session.kill)
        if kind == "time-out":
            N.expire(point)
        else:
            closing.start()
        N.let_go(point)
        thread.join(STUCK)
        check(not thread.is_alive(), "the errand did not end", point)
        if kind != "time-out":
            closing.join(STUCK)
            check(not closing.is_alive(), "the halt did not end", point)
        if kind == "time-out":
            check(session.run("x").value == 1, "the session's state", point)


def main(kind: str) -> None:
    quiet_logs()
    awaited.set()
    cases = try_runs(kind) + try_births(kind) + try_rest(kind)
    print(f"{kind}: {cases} cases")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except WorkerStartupError as error:
        raise SystemExit(f"a worker could not be started: {error}") from error
