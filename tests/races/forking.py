"""The process forks while a slot's thread has stopped at a point: every point.

The child has no slots.  It is told so, can let go of what it has of them, and makes its own; the parent goes on.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
import warnings
from typing import Any

from stages import ANSWERED, BIRTH, END, RUN, STUCK, Told, awaited, check, enclave, native, quiet_logs, serves

from enclave_subinterp import Enclave, EnclaveUsageError

N = native()


def in_child(host: Enclave, workers: list[Any]) -> None:
    try:
        host.run("1")
    except EnclaveUsageError as error:
        check("fork" in str(error), error)
    else:
        raise AssertionError("the parent's workers served the child")
    for worker in workers:
        check(worker.close(STUCK), "a slot of the parent's is there")
    host.close()
    awaited.set()


def fork(point: str, host: Enclave, workers: list[Any]) -> None:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            in_child(host, workers)
            if point in {BIRTH[1], RUN[3], END[1]}:
                with enclave() as own:
                    serves(own)
            status = 0
        except BaseException:  # noqa: BLE001 - the child must end here, whatever it met
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    end = time.monotonic() + STUCK
    while (found := os.waitpid(pid, os.WNOHANG)) == (0, 0) and time.monotonic() < end:
        time.sleep(0.001)
    if found == (0, 0):
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    check(found == (pid, 0), point, "the child ended with", found)


def workers_of(host: Enclave) -> list[Any]:
    pool: Any = host._pool
    return list(pool.staff.workers)


def at_birth(point: str) -> None:
    with enclave() as host:
        N.stop_at(point)
        told = Told(host)
        check(N.await_stop(point, STUCK), "nobody came to", point)
        fork(point, host, workers_of(host))
        N.let_go(point)
        check(told.outcome() == "value", point)


def in_a_run(point: str, host: Enclave) -> None:
    if point == "run asking":
        awaited.clear()
    N.stop_at("run taken")  # the way back of the run before is over there
    told = Told(host)
    check(N.await_stop("run taken", STUCK), "nobody came to run taken")
    if point != "run taken":
        N.stop_at(point)
        N.let_go("run taken")
        check(N.await_stop(point, STUCK), "nobody came to", point)
    fork(point, host, workers_of(host))
    awaited.set()
    N.let_go(point)
    check(told.outcome() == "value", point)


def at_the_end(point: str) -> None:
    with enclave() as host:
        serves(host)
        workers = workers_of(host)
        N.stop_at(point)
        host.run("import os\nos.abort()")
        check(N.await_stop(point, STUCK), "nobody came to", point)
        fork(point, host, workers)
        N.let_go(point)
        serves(host)


def main() -> None:
    warnings.simplefilter("ignore", DeprecationWarning)  # of fork() in a process with threads
    quiet_logs()
    awaited.set()
    for point in BIRTH:
        at_birth(point)
    with enclave() as host:
        worker = serves(host)
        for point in (*RUN, *ANSWERED):
            in_a_run(point, host)
        check(serves(host) == worker, "another worker")
    for point in END:
        at_the_end(point)
    print(f"fork: {len((*BIRTH, *RUN, *ANSWERED, *END))} cases")


if __name__ == "__main__":
    main()
