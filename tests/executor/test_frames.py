"""sys._current_frames() and sys._current_exceptions() end at the interpreter, in the host and in tasks.

Who samples its stacks in a thread, as Dask does, would otherwise make frame objects for the frames of others, which
they free with an allocator that has never seen them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WORK = """
import sys, threading
from enclave_subinterp import EnclaveExecutor


def down(depth):
    return down(depth - 1) if depth else 0


def work(rounds):
    for _ in range(rounds):
        try:
            raise ValueError
        except ValueError:
            down(30)
    return threading.get_ident()


def look(rounds, name):
    take = getattr(sys, name)
    return set().union(*(take() for _ in range(rounds))), threading.get_ident()

"""

BY_THE_HOST = (
    """
import sys
early = {"_current_frames": sys._current_frames, "_current_exceptions": sys._current_exceptions}
"""
    + WORK
    + """
if __name__ == "__main__":
    name = sys.argv[1]
    take, seen = getattr(sys, name), set()
    with EnclaveExecutor(2) as executor:
        futures = [executor.submit(work, 2000) for _ in range(20)]
        while not all(future.done() for future in futures):
            seen |= take().keys() | early[name]().keys()
        workers = {future.result() for future in futures}
    print(threading.get_ident() in seen, seen & workers)
"""
)

BY_TASKS = (
    WORK
    + """
if __name__ == "__main__":
    with EnclaveExecutor(2) as executor:
        futures = [executor.submit(look, 2000, sys.argv[1]) for _ in range(8)]
        while not all(future.done() for future in futures):
            work(10)
        found = [future.result() for future in futures]
    print(all(own in seen for seen, own in found), {other for seen, own in found for other in seen - {own}})
"""
)

AS_EVER = """
import sys, threading
import enclave_subinterp._native

ready, over = threading.Event(), threading.Event()


def stay():
    try:
        raise KeyError("here")
    except KeyError:
        ready.set()
        over.wait()


thread = threading.Thread(target=stay)
thread.start()
ready.wait()
events = []
sys.addaudithook(lambda event, _: events.append(event))
frames, exceptions = sys._current_frames(), sys._current_exceptions()
over.set()
own = threading.get_ident()
assert frames.keys() == exceptions.keys() == {own, thread.ident}, (frames, exceptions)
assert frames[own] is sys._getframe()
names, frame = [], frames[thread.ident]
while frame is not None:
    names.append(frame.f_code.co_name)
    frame = frame.f_back
assert "stay" in names, names
found = exceptions[thread.ident]
found = found[1] if isinstance(found, tuple) else found
assert exceptions[own] is None and found.args == ("here",), exceptions
assert events[:2] == ["sys._current_frames", "sys._current_exceptions"], events
"""


def run(folder: Path, text: str, *arguments: str) -> str:
    program = folder / "program.py"
    program.write_text(text, encoding="utf-8")
    command = [sys.executable, str(program), *arguments]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["_current_frames", "_current_exceptions"])
@pytest.mark.parametrize("program", [BY_THE_HOST, BY_TASKS], ids=["host", "tasks"])
def test_none_of_other_interpreters(program: str, name: str, tmp_path: Path) -> None:
    assert run(tmp_path, program, name) == "True set()\n"


def test_as_ever_in_the_host(tmp_path: Path) -> None:
    run(tmp_path, AS_EVER)
