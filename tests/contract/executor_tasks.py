"""What the tests of `EnclaveExecutor` have done in workers."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

kept: list[Any] = []  # of a worker


def double(x: Any) -> Any:
    return x * 2


def spin() -> None:
    while True:
        pass


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def hog() -> None:
    held = []
    while True:
        held.append(bytearray(1 << 20))


def hold(size: int) -> int:
    return len(bytearray(size))


def fault() -> None:
    try:
        import ctypes
    except ImportError:  # on 3.12 it does not load in an isolated interpreter
        import signal

        signal.raise_signal(signal.SIGSEGV)
    else:
        ctypes.string_at(0)


def abort() -> None:
    os.abort()


def leave(status: int) -> None:
    os._exit(status)


def keep(value: Any) -> None:
    kept.append(value)


def turn(data: Any) -> tuple[int, int]:
    """The how manieth call of this worker it is, and how much there is of the data."""
    kept.append(None)
    return len(kept), len(data)


def show_kept() -> list[Any]:
    return list(kept)


def keep_and_spin(value: Any, told: str) -> None:
    kept.append(value)
    Path(told).touch()
    spin()


def show_belongings() -> tuple[list[str], str, int]:
    mask = os.umask(0o22)
    os.umask(mask)
    open_ones = []
    for name in os.listdir("/proc/thread-self/fd"):
        try:
            open_ones.append(f"{name}:{os.readlink(f'/proc/thread-self/fd/{name}')}")
        except FileNotFoundError:  # the one that listed them
            pass
    return sorted(open_ones), os.getcwd(), mask


def open_and_spin(locked: str, told: str) -> None:
    import fcntl

    file = open(locked, "w")
    fcntl.lockf(file, fcntl.LOCK_EX)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    os.chdir("/")
    os.umask(0o77)
    Path(told).touch()
    kept.extend((file, listener))
    spin()


def lock(path: str) -> bool:
    import fcntl

    with open(path, "w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def report(count: int) -> int:
    from enclave_subinterp import report_progress

    for number in range(count):
        report_progress({"step": number})
    return count


def work_then_import(proof: str) -> None:
    Path(proof).touch()
    import readline

    readline.get_history_length()


def import_if_there(proof: str) -> str:
    try:
        import readline
    except ImportError as error:
        Path(proof).touch()
        return type(error).__name__
    return readline.__name__


def import_if_wanted(wanted: bool) -> str:
    if wanted:
        import readline

        return readline.__name__
    return "not wanted"


def add_first(buffer: Any) -> tuple[int, bool]:
    view = memoryview(buffer)
    if not view.readonly:
        view[0] += 1
    return len(view), view.readonly


def keep_buffer(buffer: Any) -> None:
    kept.append(buffer)


def first_of_kept() -> int:
    return memoryview(kept[-1])[0]


def buffer_of(size: int) -> Any:
    import pickle

    return pickle.PickleBuffer(bytearray(size))


class TwoError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)
        self.two = two


def fail_chained() -> None:
    try:
        raise KeyError("inner")
    except KeyError as error:
        outer = ValueError("outer")
        outer.add_note("a note")
        raise outer from error


def fail_unpicklable() -> None:
    raise TwoError("first", "second")


def child_facts() -> tuple[str, int]:
    """What a child process of a task has for a variable of the task's, and which signals are blocked in it."""
    import subprocess

    os.environ["ENCLAVE_TEST_CHILD"] = "mine"
    command = "echo $ENCLAVE_TEST_CHILD; grep SigBlk /proc/self/status"
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split()
    return said[0], int(said[2], 16)


def thread_name() -> str:
    import threading

    return threading.current_thread().name


def raise_in_initializer() -> None:
    raise LookupError("no such thing")


def stand_at(gate: str) -> bool:
    """Wait until the file is there."""
    while not Path(gate).exists():
        time.sleep(0.001)
    return True


def fail() -> None:
    raise ValueError("on purpose")


def stamp(path: str, number: int) -> None:
    """Note that this task has begun, behind those that have."""
    with open(path, "a", encoding="ascii") as file:
        file.write(f"{number}\n")


def tell_and_double(x: int) -> int:
    from enclave_subinterp import report_progress

    report_progress(x)
    return x * 2
