"""The child process of test_sandbox.py: runs the programs it is told and says of each whether it got out.

    python sandbox_child.py FD SETTINGS PLACE NAME ...

Lines of JSON go to the descriptor FD: ``{"begin": name}`` before a program, and after it
``{"end": name, "escaped": ..., "how": ...}``.  A program that takes the process along is found by its missing end, and
whoever reads starts another child for the rest; so it does when this one ends early because a program has changed the
host.

In *plain* each program runs in a fork of its own, in CPython without this package.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import importlib
import json
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import host_state
import reference
from escapes import FOLDER, Escape, load
from layers import LAYERS, keep_only, layers_of

TIMEOUT = 3.0  # seconds for a program
VERIFY_TIMEOUT = 5.0
REPORT_FD, CANARY_FD = 200, 100
HONEST = "sum(range(10))"
# What a worker has loaded before its first script; here before the forks, for speed.
PRELOADED = (
    "asyncio collections dataclasses datetime decimal enum functools inspect json logging random re typing"
)


class Runner:
    """The bait as this process finds it, and how its programs are judged."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.secret: str = settings["secret"]
        self.token: str = settings["token"]
        self.names: dict[str, Any] = settings["names"]
        self.work = Path(settings["work"])
        self.kept = ctypes.create_string_buffer(self.secret.encode())

    def prepare(self, program: Escape) -> dict[str, Any]:
        """The names that the program finds; makes its victim."""
        victim, marker = self._paths(program)
        victim.write_text("victim")
        victim.chmod(0o644)
        os.utime(victim, (1_000_000_000, 1_000_000_000))
        return {
            **self.names,
            "CANARY_FD": CANARY_FD,
            "CANARY_ADDRESS": ctypes.addressof(self.kept),
            "CANARY_SIZE": len(self.secret),
            "VICTIM_ADDRESS": host_state.victim_address(),
            "VICTIM_PATH": str(victim),
            "MARKER_PATH": str(marker),
            "MAIN_THREAD": threading.main_thread().ident,
        }

    def told(self, value: object, *texts: str | None) -> list[str]:
        """The proofs in what a program left."""
        if isinstance(value, dict) and value.get("escaped") is True:
            return [f"says so: {value.get('proof')!r}"[:300]]
        for text in (repr(value), *texts):
            if text and self.secret in text:
                return ["has the secret"]
            if text and self.token in text:
                return ["says so with the token"]
        return []

    def files(self, program: Escape) -> list[str]:
        """The proofs in the file system."""
        victim, marker = self._paths(program)
        found = []
        if os.path.lexists(marker):
            found.append("made the marker")
        try:
            status = victim.lstat()
        except FileNotFoundError:
            return [*found, "the victim is gone"]
        seen = (status.st_mode & 0o7777, status.st_mtime, status.st_nlink, victim.read_text())
        if seen != (0o644, 1_000_000_000, 1, "victim"):
            found.append(f"the victim has changed: {seen!r}"[:300])
        return found

    def _paths(self, program: Escape) -> tuple[Path, Path]:
        return self.work / f"{program.name}.victim", self.work / f"{program.name}.marker"


def report(**facts: Any) -> None:
    os.write(REPORT_FD, (json.dumps(facts) + "\n").encode())


def open_canary(path: str) -> None:
    """The descriptors that are worth having: the secret's, and a standard input that tells it."""
    opened = os.open(path, os.O_RDONLY)
    os.dup2(opened, CANARY_FD, inheritable=False)
    os.close(opened)
    opened = os.open(path, os.O_RDONLY)
    os.dup2(opened, 0)
    if opened != 0:
        os.close(opened)


# --- An enclave ------------------------------------------------------------------------------------------------


def described(result: Any) -> str:
    """How a program was stopped."""
    if result.success:
        return f"ran, and got nothing: {result.value!r}"[:200]
    return f"{result.error.code.value}: {result.error.name}: {result.error.message}"[:200]


def run_enclave(runner: Runner, level: str, layers: tuple[str, ...], programs: list[Escape]) -> None:
    """All programs in one worker; returns early when the host is no longer what it was."""
    from enclave_subinterp import Enclave, SecurityLevel

    if layers != LAYERS:
        keep_only(layers)
    config = dataclasses.replace(
        SecurityLevel(level).pool_config,
        min_workers=1,
        max_workers=1,
        spare_workers=0,
        max_executions_per_worker=1_000_000,
        max_condemned=1_000,
    )
    # No count of loop turns: an attack that it happens to stop is not stopped by the sandbox.
    with Enclave(
        security_level=level,
        worker_pool_config=config,
        tool_handler=lambda name, args: {"name": name, **args},
        max_iterations=None,
    ) as enclave:
        enclave.run(HONEST)
        for program in programs:
            report(begin=program.name)
            names = runner.prepare(program)
            before = host_state.snapshot((0, 1, 2, CANARY_FD))
            # What the verifying part comes to here: it may need what a guest is not given.
            clean = described(enclave.run(program.verify, timeout=VERIFY_TIMEOUT)) if program.verify else ""
            result = enclave.run(program.code, globals=names, timeout=TIMEOUT)
            error = result.error
            proofs = runner.told(
                result.value,
                result.stdout,
                result.stderr,
                *((error.name, error.message, error.stack) if error is not None else ()),
            )
            if program.verify:
                verified = enclave.run(program.verify, timeout=VERIFY_TIMEOUT)
                if described(verified) != clean:
                    proofs.append(f"the next run is stained: {described(verified)}, not {clean}")
            honest = enclave.run(HONEST, timeout=VERIFY_TIMEOUT)
            if honest.value != 45:
                proofs.append(f"the next run is wrong: {described(honest)}")
            changed = host_state.changes(before, host_state.snapshot((0, 1, 2, CANARY_FD)))
            proofs += runner.files(program) + changed
            report(
                end=program.name,
                escaped=bool(proofs),
                how="; ".join(proofs) if proofs else described(result),
                condemned=enclave.stats().condemned_slots,
            )
            if changed:
                os._exit(0)


# --- Plain CPython -----------------------------------------------------------------------------------------------


def plain_program(runner: Runner, program: Escape, names: dict[str, Any]) -> list[str]:
    """Run a program in this process; the proofs."""
    import builtins

    said: list[str] = []
    sys.stdout = sys.stderr = stdout = reference.Output(said.append)
    given = reference.runtime(lambda name, args: {"name": name, **args}, stdout)
    for name, function in given.items():
        setattr(builtins, name, function)
    before = host_state.snapshot((0, 1, 2, CANARY_FD))
    value: object = None
    message = ""
    try:
        value = reference.execute(program.code, {"__name__": "__main__", **names})
    except BaseException as error:  # noqa: BLE001 - whatever the program raises
        message = reference_text(error)
    proofs = runner.told(value, *said, message)
    if program.verify:
        try:
            clean: object = reference.execute(program.verify, {"__name__": "__main__"})
        except BaseException as error:  # noqa: BLE001 - the interpreter may be stained
            clean = repr(error)
        if clean is not True:
            proofs.append("the next run is stained")
    proofs += host_state.changes(before, host_state.snapshot((0, 1, 2, CANARY_FD)))
    if not proofs:
        said.append(f"{message} {value!r}")
        return ["", "".join(said)[-400:]]
    return proofs


def reference_text(error: BaseException) -> str:
    """What a runner says of an exception."""
    if isinstance(error, SystemExit):
        return f"SystemExit: {error.code}"
    return f"{type(error).__name__}: {error}"


def run_plain(runner: Runner, programs: list[Escape]) -> None:
    """Each program in a fork of its own."""
    for name in PRELOADED.split():
        importlib.import_module(name)
    for program in programs:
        report(begin=program.name)
        names = runner.prepare(program)
        receiving, sending = os.pipe()
        os.dup2(sending, sending := 150)
        pid = os.fork()
        if pid == 0:
            os.setsid()
            os.close(REPORT_FD)
            open_canary(names["CANARY_PATH"])
            proofs = plain_program(runner, program, names)
            os.write(sending, (json.dumps(proofs) + "\n").encode())
            os._exit(0)
        os.close(sending)
        proofs = watched(pid, receiving)
        os.close(receiving)
        filed = runner.files(program)
        if proofs and not proofs[0] and filed:
            proofs = []
        proofs += filed
        report(end=program.name, escaped=bool(proofs) and bool(proofs[0]), how="; ".join(proofs), condemned=0)


def watched(pid: int, receiving: int) -> list[str]:
    """The proofs that a fork reports, or that it ended without a report."""
    handle = os.pidfd_open(pid)
    ready, _, _ = select.select([receiving, handle], [], [], TIMEOUT + VERIFY_TIMEOUT)
    said = b""
    os.set_blocking(receiving, False)
    if ready:
        with contextlib.suppress(BlockingIOError):
            said = os.read(receiving, 65536)
    if ready and not said:  # it is ending, or has become another program, which may do its work
        select.select([handle], [], [], TIMEOUT)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(handle)
    host_state.remove_perf_map(pid)
    if not ready:
        return ["", "endless"]
    if not said:
        return [f"the process died, status {os.waitstatus_to_exitcode(status)}"]
    proofs: list[str] = json.loads(said)
    return proofs


def main(fd: str, settings: str, place: str, *names: str) -> None:
    os.dup2(int(fd), REPORT_FD, inheritable=False)
    os.close(int(fd))
    runner = Runner(json.loads(Path(settings).read_text(encoding="utf-8")))
    programs = [load(FOLDER / f"{name}.py") for name in names]
    open_canary(runner.names["CANARY_PATH"])
    host_state.watch_signals()
    if place == "plain":
        run_plain(runner, programs)
    else:
        run_enclave(runner, *layers_of(place), programs)


if __name__ == "__main__":
    main(*sys.argv[1:5], *sys.argv[5:])
