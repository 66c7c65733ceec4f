"""Runs the programs of tests/hostile/sandbox in children and collects who got out.

    python tests/suites/sandbox.py PLACE [NAME ...]      # one line for each program

A place is plain, STRICT, STANDARD, or a level with the only layers that it is to have, such as STANDARD:audit+types or
STANDARD:none.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SUITES = Path(__file__).resolve().parent
if str(SUITES) not in sys.path:
    sys.path.insert(0, str(SUITES))

import host_state  # noqa: E402
from bait import Bait, environment  # noqa: E402
from escapes import LEVELS, Escape, load_all  # noqa: E402
from layers import LAYERS, layers_of  # noqa: E402

SILENCE = 30.0  # seconds without a word after which a child is stuck


@dataclass(frozen=True)
class Verdict:
    """What a program came to in one place."""

    escaped: bool
    how: str  # the proofs, or what stopped it
    condemned: int  # workers that had to be given up so far


class Runs:
    """The programs of some places, running place beside place; a context manager."""

    def __init__(self, wanted: dict[str, Sequence[Escape]]) -> None:
        self._verdicts: dict[tuple[str, str], Future[Verdict]] = {
            (place, program.name): Future() for place, programs in wanted.items() for program in programs
        }
        self._ends: dict[str, Future[str]] = {place: Future() for place in wanted}
        self._wanted = wanted
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox", ignore_cleanup_errors=True)
        self._bait = Bait(Path(self._folder.name))
        self._threads = [threading.Thread(target=self._drive, args=(place,)) for place in wanted]

    def verdict(self, place: str, program: Escape) -> Verdict:
        """Wait for what the program came to."""
        return self._verdicts[place, program.name].result()

    def end(self, place: str) -> str:
        """How the last child of that place ended: "" for well."""
        return self._ends[place].result()

    def __enter__(self) -> Self:
        self._bait.__enter__()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()
        self._bait.__exit__()
        self._folder.cleanup()

    def _drive(self, place: str) -> None:
        """Children one after the other until every program of the place has its verdict."""
        left = [program.name for program in self._wanted[place]]
        end = ""
        try:
            while left:
                end = self._child(place, left)
        except BaseException as error:  # noqa: BLE001 - it goes to the tests
            for name in left:
                self._verdicts[place, name].set_exception(error)
            end = repr(error)
        self._ends[place].set_result(end)

    def _child(self, place: str, left: list[str]) -> str:
        """One child for what is left; takes out of `left` what has a verdict."""
        work = Path(tempfile.mkdtemp(dir=self._folder.name))
        settings = work / "settings.json"
        settings.write_text(
            json.dumps(
                {
                    "secret": self._bait.secret,
                    "token": self._bait.token,
                    "names": self._bait.names(),
                    "work": str(work),
                }
            )
        )
        receiving, sending = os.pipe()
        # The programs may write to what the child has for standard output: it is a file that is looked at.
        with (work / "output").open("wb") as output:
            process = subprocess.Popen(
                [
                    sys.executable,
                    *("-P", "-s", "-X", f"canary={self._bait.secret}"),
                    str(SUITES / "sandbox_child.py"),
                    *(str(sending), str(settings), place),
                    *left,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**environment(self._bait.secret), "TMPDIR": str(work)},
                cwd=work,
                pass_fds=[sending],
                start_new_session=True,
            )
        os.close(sending)
        running = ""
        progress = False
        stuck = False
        handle = os.pidfd_open(process.pid)
        for line in _lines(receiving, handle):
            if line is None:
                stuck = True
                process.kill()
                break
            facts = json.loads(line)
            running = facts.get("begin", "")
            if "end" in facts:
                progress = True
                left.remove(facts["end"])
                verdict = Verdict(facts["escaped"], facts["how"], facts["condemned"])
                self._verdicts[place, facts["end"]].set_result(verdict)
        os.close(receiving)
        ended_itself = bool(select.select([handle], [], [], SILENCE)[0])
        os.close(handle)
        # What a program that got out has started may be left.  The child is not reaped yet, so the group is its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        status: int | str = process.wait() if ended_itself else f"stuck at its end, {process.wait()}"
        host_state.remove_perf_map(process.pid)
        tail = (work / "output").read_bytes()[-2000:].decode(errors="replace")
        ended = "stuck" if stuck else f"status {status}"
        if running:
            left.remove(running)
            verdict = Verdict(True, f"the process died ({ended}): {tail[-300:]}", 0)
            self._verdicts[place, running].set_result(verdict)
        elif not progress:
            raise RuntimeError(f"the child for {place} did nothing ({ended}): {tail}")
        return "" if status == 0 else f"{ended}: {tail}"


def _lines(fd: int, handle: int) -> Iterator[bytes | None]:
    """The lines that come from a child until it ends; None when nothing has come for too long."""
    held = b""
    while ready := select.select([fd, handle], [], [], SILENCE)[0]:
        # What the child leaves behind may hold the other end of the pipe open.
        data = os.read(fd, 65536) if fd in ready else b""
        if not data:
            return
        *whole, held = (held + data).split(b"\n")
        yield from whole
    yield None


def main(place: str, names: Sequence[str]) -> int:
    """Print the verdicts; the number of programs that are not as they should be."""
    programs = [program for program in load_all() if not names or program.name in names]
    level, layers = layers_of(place)
    if level != "plain":
        programs = [program for program in programs if level in program.levels]
    wrong = 0
    with Runs({place: programs}) as runs:
        for program in programs:
            verdict = runs.verdict(place, program)
            wrong += verdict.escaped != (level == "plain" or layers != LAYERS)
            print(f"{'escaped' if verdict.escaped else 'stopped'}  {program.name}: {verdict.how}", flush=True)
        print(f"{wrong} of {len(programs)} are not as they should be; end: {runs.end(place) or 'well'}")
    return wrong


if __name__ == "__main__":
    if len(sys.argv) < 2 or layers_of(sys.argv[1])[0] not in {"plain", *LEVELS}:
        sys.exit(f"usage: sandbox.py plain|{'|'.join(LEVELS)}[:LAYER+...] [NAME ...]")
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
