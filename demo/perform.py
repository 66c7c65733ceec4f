"""One performance of the demonstration: the reference first, then the passes, then the look at the host."""

from __future__ import annotations

import contextlib
import dataclasses
import time

from rich.console import Console
from rich.text import Text

from enclave_subinterp import Enclave, PoolStats, RunResult, WorkerPoolPresets

from . import corpus, host_check, reference, report
from .catalog import Script
from .display import Display, make_display
from .judge import Outcome
from .runner import WORKERS, PoolStuckError, Runner
from .tools import Tools

_MEMORY_LIMIT = 64 << 20


class _Stage:
    """Hands what the runner tells to the display of the pass, and keeps the results that are to be shown."""

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self.results: dict[str, RunResult] = {}
        self.display: Display | None = None

    def began(self, script: Script) -> None:
        if self.display is not None:
            self.display.began(script)

    def ended(self, outcome: Outcome, result: RunResult) -> None:
        if self.display is not None:
            self.display.ended(outcome)
        if self._keep:
            self.results[outcome.script.name] = result


def perform(console: Console, scripts: list[Script], passes: int, show_results: bool) -> int:
    """Run the scripts ``passes`` times each and print what they came to; 0 if all is as it must be, else 1."""
    benign = [script.name for script in scripts if not script.hostile]
    waiting = console.status("asking plain CPython ...") if console.is_terminal else contextlib.nullcontext()
    with waiting:
        expected = reference.compute(benign) if benign else {}
    if broken := [f"{name}: {wanted.error}" for name, wanted in expected.items() if wanted.error]:
        console.print(Text("plain CPython itself fails on " + "; ".join(broken), style="red"))
        return 1
    host_check.give_back_freed_memory()
    corpus.warm_up(scripts)
    # The core's watchdog and its page tracking come with the first worker and stay for the life of the process.
    with _open_enclave() as enclave:
        enclave.run("None")
    alive = host_check.alive()
    before = host_check.capture()
    stage = _Stage(show_results)
    start = time.monotonic()
    with _open_enclave() as enclave:
        runner = Runner(enclave, expected, stage.began, stage.ended)
        try:
            outcomes, checks, stats = _passes(console, runner, stage, scripts, passes, enclave)
        except PoolStuckError as error:
            console.print(Text(f"the pool is stuck: {error}", style="bold red"))
            return 1
    elapsed = time.monotonic() - start
    host_check.let_threads_go(before)
    checks = [
        *checks,
        *host_check.compare(before, host_check.capture()),
        dataclasses.replace(alive, fine=alive.fine and host_check.alive().fine),
    ]
    report.print_table(console, _one_each(outcomes))
    for name, result in sorted(stage.results.items()):
        report.print_result(console, name, result)
    report.print_wrong(console, outcomes)
    summary = report.Summary(outcomes, checks, stats, runner.runs, runner.probes, passes, elapsed)
    report.print_summary(console, summary)
    return 0 if summary.fine else 1


def _open_enclave() -> Enclave:
    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD,
        min_workers=WORKERS,
        max_workers=WORKERS,
        memory_limit_per_worker=_MEMORY_LIMIT,
    )
    return Enclave(security_level="STANDARD", worker_pool_config=config, tool_handler=Tools())


def _passes(
    console: Console, runner: Runner, stage: _Stage, scripts: list[Script], passes: int, enclave: Enclave
) -> tuple[list[Outcome], list[host_check.Check], PoolStats]:
    """All passes; their outcomes, the look at the memory between them, and the pool's own account."""
    trouble = runner.learn_as_new()
    checks = [
        host_check.Check("new workers", not trouble, trouble or f"{WORKERS}, each found as new by the probe")
    ]
    outcomes: list[Outcome] = []
    resident: list[int | None] = []
    runs: list[int] = []
    for number in range(1, passes + 1):
        with make_display(console, f"pass {number} of {passes}", len(scripts)) as stage.display:
            outcomes += runner.run(scripts)
        resident.append(host_check.rss())
        runs.append(runner.runs)
    if passes > 1:
        checks.append(host_check.leak(resident[0], resident[-1], runs[-1] - runs[0]))
    return outcomes, checks, enclave.stats()


def _one_each(outcomes: list[Outcome]) -> list[Outcome]:
    """Of each script's outcomes the last, but a wrong one before a right one."""
    shown: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.script.name not in shown or shown[outcome.script.name].fine:
            shown[outcome.script.name] = outcome
    return list(shown.values())
