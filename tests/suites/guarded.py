"""The programs of the core's suites with the sandbox on: much of what they try is refused, and nothing else is lost.

    python tests/suites/guarded.py [KIND ...]      # halt, stain and memory; one line for each that is wrong

The suites themselves run without it, since a program that is refused tells nothing of the core.  Here a program may
come to a refusal as well; the next run, the worker and the end of the process must be right all the same.
"""

from __future__ import annotations

import collections
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SUITES = Path(__file__).resolve().parent
if str(SUITES) not in sys.path:
    sys.path.insert(0, str(SUITES))

from child import GUARDED  # noqa: E402
from harness import BATCH_SIZE, JOBS, Outcome, run_child  # noqa: E402
from programs import Program, load_all  # noqa: E402

KINDS = ("halt", "stain", "memory")
REFUSALS = frozenset({"EXECUTION_ERROR", "VALIDATION_ERROR", "SANDBOX_VIOLATION"})
# Of a program whose means were refused without an error: an audit hook that is not installed, say.
ENDS = frozenset({"SUCCESS", "RESULT_NOT_SERIALIZABLE"})


def outcomes(programs: Sequence[Program]) -> Iterator[tuple[Program, Outcome, dict[str, Any]]]:
    """What each program came to, with its child's outcome; `JOBS` children at a time."""
    groups: dict[str, list[Program]] = {}
    for program in programs:
        groups.setdefault(program.kind, []).append(program)
    batches = []
    for kind, members in groups.items():
        size = 1 if kind == "memory" else BATCH_SIZE
        batches += [members[at : at + size] for at in range(0, len(members), size)]
    with ThreadPoolExecutor(JOBS) as executor:
        for found in executor.map(_batch, batches):
            yield from found


def _batch(programs: Sequence[Program]) -> list[tuple[Program, Outcome, dict[str, Any]]]:
    """A child after the other until each of the programs was reached."""
    found = []
    while programs:
        kind = programs[0].kind
        outcome = run_child(
            [kind, *(str(program.path) for program in programs)], env={GUARDED: "1"}, timeout=120
        )
        runs = [outcome.report] if kind == "memory" else outcome.report.get("runs", [])
        reached = max(1, len(runs))
        for number, program in enumerate(programs[:reached]):
            found.append((program, outcome, runs[number] if number < len(runs) else {}))
        programs = programs[reached:]
    return found


def wrong(program: Program, outcome: Outcome, report: dict[str, Any]) -> str:
    """What is not as it should be; "" for nothing."""
    if outcome.status != 0 or not report:
        return f"the host did not end well: {outcome.explain()}"
    if outcome.stderr and not program.stderr_any:
        return f"the host said: {outcome.stderr[-300:]}"
    if report["condemned"]:
        return f"a worker was condemned: {report}"
    if not report["same_worker"]:
        return f"a worker was lost: {report}"
    if program.kind != "stain":
        right = report["code"] in program.expect | REFUSALS | ENDS and report["next_value"] == 45
        return "" if right else str(report)
    before, stained, after, halted, last = report["steps"]
    # The verifying part may be refused too, and is then refused the same way each time.
    for step in (after, last):
        if {**step, "step": ""} != {**before, "step": ""}:
            return f"the next run is stained: {step}, not {before}"
    right = stained["code"] in {"SUCCESS", *REFUSALS} and halted["code"] in {"TIMEOUT", *REFUSALS}
    return "" if right else str(report)


def codes(report: dict[str, Any]) -> str:
    """What a program came to, in a word."""
    return str(report["steps"][1]["code"] if "steps" in report else report.get("code"))


def main(kinds: Sequence[str]) -> int:
    """Print what is wrong, and how often each code came; the number of what is wrong."""
    count = 0
    for kind in kinds or KINDS:
        seen: collections.Counter[str] = collections.Counter()
        for program, outcome, report in outcomes(load_all(kind)):
            seen[codes(report)] += 1
            if trouble := wrong(program, outcome, report):
                count += 1
                print(f"{program.name}: {trouble}", flush=True)
        print(f"{kind}: {sum(seen.values())} programs: {dict(seen)}", flush=True)
    return count


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
