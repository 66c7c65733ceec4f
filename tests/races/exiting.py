"""The interpreter exits while a slot's thread has stopped at a point: every point, each in a fork of its own.

The forks share what is imported; none has a slot before it forks.  Each tells how its script was answered and then ends
as any program does; what counts is that it ends, with the status that it wants and without a word.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import tempfile
import threading
import time
import traceback

from stages import ANSWERED, BIRTH, END, ERRAND, RUN, STUCK, Told, awaited, check, enclave, native, quiet_logs

from enclave_subinterp import EnclaveError, Session
from enclave_subinterp._adapters.subinterpreter import _prepare_host

N = native()
HANG = 15.0  # seconds, far above what an exit takes
STATUS = 7


def act(point: str, answers: int) -> None:
    """Bring a thread to the point, tell of the answer when it comes, and return to exit."""
    host = enclave()
    if point not in BIRTH:
        host.run("1")
    if point in ERRAND:
        session = host.session()
        N.stop_at(point)
        threading.Thread(target=take_checkpoint, args=(session,)).start()
        let_go_at_exit(point)  # the thread that waits for it is the program's, and is waited for
    elif point == "idle":
        N.stop_at("run taken")
        handle = host.submit("1")
        check(N.await_stop("run taken", STUCK), "nobody came to run taken")
        N.stop_at(
            point, 0
        )  # only now: before, the thread might have been on its way there from the run before
        N.let_go("run taken")
        handle.result(STUCK)
    elif point in END:
        N.stop_at(point, 0)
        host.run("import os\nos.abort()")
    else:
        if point == "run asking":
            awaited.clear()
        N.stop_at(point if point in BIRTH else "run taken")
        told = Told(host)
        told.handle.add_done_callback(
            lambda handle: os.write(answers, f"{told.outcome()}\n".encode()) and None
        )
        if point not in BIRTH and point != "run taken":
            check(N.await_stop("run taken", STUCK), "nobody came to run taken")
            N.stop_at(point, 0)
            N.let_go("run taken")
        else:
            let_go_at_exit(point)  # a birth is not halted: the exit waits for it
    check(N.await_stop(point, STUCK), f"nobody came to {point!r}")
    awaited.set()


def let_go_at_exit(point: str) -> None:
    """Beside what the pool does at exit, and not before."""
    exits = threading.Event()
    threading.Thread(target=lambda: exits.wait() and N.let_go(point)).start()
    threading._register_atexit(exits.set)  # type: ignore[attr-defined]  # called before those that came earlier


def take_checkpoint(session: Session) -> None:
    with contextlib.suppress(EnclaveError):  # the session went with its enclave
        session.checkpoint()


def in_fork(point: str, answers: int, errors: int) -> None:
    os.dup2(errors, 2)
    awaited.set()
    act(point, answers)
    sys.exit(STATUS)


def judge(point: str, status: int | None, said: str, errors: str) -> str | None:
    right = {"value", "ABORTED"} if point in ANSWERED else {"ABORTED"}
    if point in BIRTH or point == "run taken":  # it goes on beside the exit, and may come first
        right = {"value", "ABORTED", "PoolClosedError"}
    lines = said.splitlines()
    expected = 0 if point in (*END, *ERRAND, "idle") else 1
    if status != STATUS or errors:
        return f"{point}: exit status {status}, stderr {errors!r}"
    if len(lines) != expected or not set(lines) <= right:
        return f"{point}: answers {lines}"
    return None


def wait(pid: int) -> int | None:
    """The exit code; None after it had to be killed."""
    descriptor = os.pidfd_open(pid)
    ready, _, _ = select.select([descriptor], [], [], HANG)
    os.close(descriptor)
    if not ready:
        os.kill(pid, 9)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if ready else None


def main() -> None:
    quiet_logs()
    _prepare_host(())  # once for all of them
    failures = []
    points = [*BIRTH, *RUN, *ANSWERED, "idle", *ERRAND, *END]
    for point in points:
        reader, writer = os.pipe()
        with tempfile.TemporaryFile() as errors:
            pid = os.fork()
            if pid == 0:
                try:
                    in_fork(point, writer, errors.fileno())
                except Exception:  # noqa: BLE001 - what went wrong is told
                    traceback.print_exc()
                    sys.exit(1)
            os.close(writer)
            begun = time.monotonic()
            status = wait(pid)
            seconds = time.monotonic() - begun
            said = os.read(reader, 65536).decode()
            os.close(reader)
            errors.seek(0)
            wrong = judge(point, status, said, errors.read().decode(errors="replace"))
            if wrong is not None:
                failures.append(f"{wrong} ({seconds:.1f} s)")
    if failures:
        raise SystemExit("\n".join(failures))
    print(f"exit: {len(points)} cases")


if __name__ == "__main__":
    main()
