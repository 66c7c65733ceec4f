"""Sends the scripts through an `Enclave` and follows every one of them to the run that comes after it.

Just as many runs are under way as there are workers, so the order in which runs end on a worker is known and the
probe of a stain goes to the worker that has just become free: the stained one.  Should it land on the other, stain
and probe are sent again.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from enclave_subinterp import Enclave, EnclaveError, RunResult

from . import corpus
from .catalog import Script, load_probe
from .judge import Outcome, judge
from .reference import Expected

WORKERS = 2
# The longest that a run takes is 10 s; the pool has to answer in that time, whatever the script does.
_SILENCE = 60.0
_TRIES = 6


class PoolStuckError(Exception):
    """The pool did not answer in time."""


@dataclass(slots=True)
class _Task:
    script: Script
    tries: int = 1
    # The stained run that this task is the probe of.
    stained: Outcome | None = None
    stain_task: _Task | None = None
    # When it was submitted and when it was answered, by the monotonic clock.
    sent: float = 0.0
    answered: float = 0.0


class Runner:
    """Runs scripts on an enclave; ``began`` and ``ended`` are told of every one (not of probes)."""

    def __init__(
        self,
        enclave: Enclave,
        expected: Mapping[str, Expected],
        began: Callable[[Script], None],
        ended: Callable[[Outcome, RunResult], None],
    ) -> None:
        self._enclave = enclave
        self._expected = expected
        self._began = began
        self._ended = ended
        self._probe = load_probe()
        self._as_new: object = None
        self._done: queue.SimpleQueue[tuple[_Task, RunResult | EnclaveError]] = queue.SimpleQueue()
        self._flying: list[str] = []
        # Every run in the order in which it ended, probes included.
        self._sequence: list[Outcome] = []
        self.probes = 0

    @property
    def runs(self) -> int:
        """All runs so far, probes included."""
        return len(self._sequence)

    def learn_as_new(self) -> str:
        """Ask every worker, before anything else runs, what a new interpreter looks like; "" or what is wrong."""
        looks: dict[int | str, object] = {}
        for _ in range(20):
            for task, result in self._rounds([_Task(self._probe) for _ in range(WORKERS)]):
                if not isinstance(result, RunResult) or result.error is not None:
                    return f"the probe failed on a new worker: {_error(result)}"
                looks[self._record(task, result).worker] = result.value
            if len(looks) >= WORKERS:
                break
        first, *others = looks.values()
        self._as_new = first
        wrong = [difference for look in others if (difference := _unlike(first, look))]
        return f"new workers differ from each other: {wrong[0]}" if wrong else ""

    def run(self, scripts: Iterable[Script]) -> list[Outcome]:
        """Run the scripts once each; the outcomes are in the order of the scripts' ends."""
        begin = len(self._sequence)
        last: dict[str, Outcome] = {}
        waiting = deque(_Task(script) for script in scripts)
        while waiting or self._flying:
            while waiting and len(self._flying) < WORKERS:
                task = waiting.popleft()
                if task.stained is None and task.tries == 1:
                    self._began(task.script)
                self._send(task)
            task, result = self._next()
            outcome = self._record(task, result)
            if task.stained is not None:
                if again := self._settle(task, outcome, result):
                    waiting.appendleft(again)
                continue
            last[task.script.name] = outcome
            if task.script.kind == "stain":
                waiting.appendleft(_Task(self._probe, stained=outcome, stain_task=task))
            if task.tries == 1 and isinstance(result, RunResult):
                self._ended(outcome, result)
        self._clear_up()
        self._look_at_next_runs(begin, last.values())
        return list(last.values())

    def _settle(self, probe: _Task, outcome: Outcome, result: RunResult | EnclaveError) -> _Task | None:
        """Take a probe's answer; a task to send again if it did not follow its stain directly."""
        stained, stain_task = probe.stained, probe.stain_task
        assert stained is not None
        assert stain_task is not None
        before = [other for other in self._sequence[:-1] if other.worker == outcome.worker]
        if not before or before[-1] is not stained:
            if stain_task.tries >= _TRIES:
                stained.after = f"no probe came directly after it in {_TRIES} tries"
                return None
            return _Task(stain_task.script, tries=stain_task.tries + 1)
        if not isinstance(result, RunResult) or result.error is not None:
            stained.after = f"the probe failed: {_error(result)}"
        else:
            difference = _unlike(self._as_new, result.value)
            stained.after = f"left a stain: {difference}" if difference else "right"
        return None

    def _clear_up(self) -> None:
        """Send probes until no hostile run is the last on its worker, so that each has a next run to look at."""
        for _ in range(10):
            last = {outcome.worker: outcome for outcome in self._sequence}
            if not any(
                outcome.script.hostile and outcome.script.name != "probe" for outcome in last.values()
            ):
                return
            for task, result in self._rounds([_Task(self._probe) for _ in range(WORKERS)]):
                self._record(task, result)

    def _look_at_next_runs(self, begin: int, outcomes: Iterable[Outcome]) -> None:
        index = {id(outcome): i for i, outcome in enumerate(self._sequence) if i >= begin}
        seen: set[int | str] = set()
        first_of_worker: dict[int | str, int] = {}
        for i, outcome in enumerate(self._sequence):
            if outcome.worker not in seen:
                seen.add(outcome.worker)
                first_of_worker[outcome.worker] = i
        for outcome in outcomes:
            if not outcome.script.hostile or outcome.after:
                continue
            at = index[id(outcome)]
            same = next((o for o in self._sequence[at + 1 :] if o.worker == outcome.worker), None)
            new = next((self._sequence[i] for i in sorted(first_of_worker.values()) if i > at), None)
            following, word = (same, "right") if same is not None else (new, "replaced")
            if following is None:
                outcome.after = "no run came after it on its worker"
            else:
                outcome.after = word if following.right else f"then {following.script.name} went wrong"

    def _rounds(self, tasks: list[_Task]) -> list[tuple[_Task, RunResult | EnclaveError]]:
        for task in tasks:
            self._send(task)
        return [self._next() for _ in tasks]

    def _send(self, task: _Task) -> None:
        script = task.script
        given = corpus.resolve(script.data)
        task.sent = time.monotonic()
        handle = self._enclave.submit(script.source, timeout=script.timeout, globals=given)
        self._flying.append(script.name)

        def done(*_: object) -> None:
            task.answered = time.monotonic()
            try:
                self._done.put((task, handle.result()))
            except EnclaveError as error:  # it did not run at all
                self._done.put((task, error))

        handle.add_done_callback(done)

    def _next(self) -> tuple[_Task, RunResult | EnclaveError]:
        try:
            answer = self._done.get(timeout=_SILENCE)
        except queue.Empty:
            under_way = ", ".join(self._flying)
            raise PoolStuckError(f"no answer for {_SILENCE:.0f} s while {under_way} ran") from None
        self._flying.remove(answer[0].script.name)
        return answer

    def _record(self, task: _Task, result: RunResult | EnclaveError) -> Outcome:
        script = task.script
        if isinstance(result, RunResult):
            outcome = judge(script, result, self._expected.get(script.name), task.answered - task.sent)
        else:
            text = f"did not run: {type(result).__name__}: {result}"
            outcome = Outcome(script, "-", False, text, 0.0, 0, "-", None)
        if script.name == self._probe.name:
            self.probes += 1
            if outcome.right and self._as_new is not None and isinstance(result, RunResult):
                outcome.detail = _unlike(self._as_new, result.value)
                outcome.right = not outcome.detail
        outcome.before = next(
            (o.script.name for o in reversed(self._sequence) if o.worker == outcome.worker), ""
        )
        self._sequence.append(outcome)
        return outcome


def _error(result: RunResult | EnclaveError) -> str:
    if isinstance(result, RunResult):
        error = result.error
        return f"{error.code.value}: {error.name}: {error.message}" if error else "no error"
    return f"{type(result).__name__}: {result}"


def _unlike(wanted: object, got: object) -> str:
    """Empty if two probes saw the same, else one thing in which they differ."""
    if not isinstance(wanted, dict) or not isinstance(got, dict):
        return "" if wanted == got else f"{wanted!r:.60} became {got!r:.60}"
    for name in [*wanted, *(got.keys() - wanted.keys())]:
        if wanted.get(name) != got.get(name):
            return f"{name}: {_first_change(wanted.get(name), got.get(name))}"
    return ""


def _first_change(wanted: object, got: object) -> str:
    if isinstance(wanted, dict) and isinstance(got, dict):
        return _unlike(wanted, got)
    if isinstance(wanted, list) and isinstance(got, list):
        gone = [item for item in wanted if item not in got]
        come = [item for item in got if item not in wanted]
        return f"gone {gone[:4]!r}, come {come[:4]!r}"
    return f"{wanted!r:.60} became {got!r:.60}"
