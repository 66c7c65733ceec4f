"""The child process of the hostile suites: one enclave of one worker, the programs it is told to run, one line of JSON.

    python child.py memory FILE
    python child.py halt|stain FILE ...
    python child.py contain VARIANT FILE ...
    python child.py flood FILE
    python child.py zygote DESCRIPTOR

The line is printed after the enclave was closed; nothing else may come from the process, on any descriptor.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from layers import keep_only
from programs import Program, load
from zygote import serve

MB = 1024 * 1024
MEMORY_LIMIT = {"halt": 256 * MB, "stain": 256 * MB, "memory": 64 * MB, "contain": 256 * MB}
# Messages a second, and calls under way at once, of an enclave that is flooded.
RATE, PENDING = 200, 20
HONEST = "sum(range(10))"
# The variable that leaves the sandbox on (guarded.py).
GUARDED = "ENCLAVE_SUITE_GUARDED"


def resident(field: str = "VmRSS") -> int:
    """Bytes of this process: VmRSS (now) or VmHWM (the most there ever were)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def without_sandbox() -> None:
    """The core alone is to hold: the sandbox would refuse much of what is tried here."""
    if not os.environ.get(GUARDED):
        keep_only(())


def make_enclave(kind: str) -> Any:
    """An enclave of exactly one worker, the same for every suite but for the memory limit."""
    from enclave_subinterp import Enclave, WorkerPoolPresets

    without_sandbox()
    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD,
        min_workers=1,
        max_workers=1,
        spare_workers=0,
        memory_limit_per_worker=MEMORY_LIMIT[kind],
        max_executions_per_worker=1_000_000,
        max_condemned=1_000,
    )
    return Enclave(security_level="STANDARD", worker_pool_config=config)


def flooded_tool(name: str, args: dict[str, Any]) -> Any:
    """The tools of an enclave that is flooded."""
    if name == "add":
        return args["a"] + args["b"]
    if name == "wait":
        time.sleep(0.3)
        return None
    if name == "ignore":
        return None
    raise LookupError(f"there is no tool {name}")


def make_flooded() -> Any:
    """An enclave of two workers: one for the flood, one for an honest guest beside it."""
    from enclave_subinterp import Enclave, WorkerPoolPresets

    without_sandbox()
    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD,
        min_workers=2,
        max_workers=2,
        max_messages_per_second=RATE,
        max_pending_tool_calls=PENDING,
        max_message_size=MB,
    )
    return Enclave(worker_pool_config=config, tool_handler=flooded_tool, max_tool_calls=1_000_000)


def code_of(result: Any) -> str:
    """SUCCESS or the name of the error code."""
    return "SUCCESS" if result.success else str(result.error.code.value)


def describe(result: Any) -> str:
    """What went wrong, for the test's message."""
    return "" if result.success else f"{result.error.name}: {result.error.message}"[:300]


def run_timed(enclave: Any, code: str, timeout: float) -> tuple[Any, float]:
    """Run, and the milliseconds from the deadline to the answer (negative when it came before)."""
    start = time.perf_counter()
    result = enclave.run(code, timeout=timeout)
    return result, (time.perf_counter() - start - timeout) * 1000


def one(enclave: Any, program: Program) -> dict[str, Any]:
    """One program, then an honest run."""
    result, lateness = run_timed(enclave, program.code, program.timeout)
    after = enclave.run(HONEST)
    return {
        "code": code_of(result),
        "error": describe(result),
        "lateness_ms": lateness if code_of(result) == "TIMEOUT" else None,
        "peak": result.stats.peak_memory,
        "next_value": after.value if after.success else describe(after),
        "same_worker": after.stats.worker_id == result.stats.worker_id,
        "condemned": enclave.stats().condemned_slots,
    }


def batch(kind: str, programs: list[Program]) -> dict[str, Any]:
    """Programs one after another; those that come after one that took the worker along are left to children anew."""
    runs: list[dict[str, Any]] = []
    with make_enclave(kind) as enclave:
        for program in programs:
            report = stain(enclave, program) if kind == "stain" else one(enclave, program)
            runs.append({"name": program.name} | report)
            if not report["same_worker"] or report["condemned"]:
                break
    return {"runs": runs}


def memory(program: Program) -> dict[str, Any]:
    import enclave_subinterp  # noqa: F401 - what the import itself takes counts as the start

    start = resident()
    with make_enclave("memory") as enclave:
        report = one(enclave, program)
    report["grown"] = resident("VmHWM") - start
    return report


def stain(enclave: Any, program: Program) -> dict[str, Any]:
    """Verify, stain, verify, stain and be halted, verify: five runs, which one worker should serve."""
    steps: list[dict[str, Any]] = []
    workers: set[Any] = set()

    def step(name: str, code: str, timeout: float) -> float:
        start = time.perf_counter()
        result = enclave.run(code, timeout=timeout)
        workers.add(result.stats.worker_id)
        steps.append(
            {
                "step": name,
                "code": code_of(result),
                "value": result.value if result.success and isinstance(result.value, bool) else None,
                "error": describe(result),
                "said": (result.stdout + result.stderr)[:200],
            }
        )
        return time.perf_counter() - start

    step("verify before", program.verify, program.timeout)
    taken = step("stain", program.code, program.timeout)
    step("verify after the stain", program.verify, program.timeout)
    step("stain and halt", program.code + "\nwhile True:\n    pass\n", 0.05 + 2 * taken)
    step("verify after the halt", program.verify, program.timeout)
    return {"steps": steps, "same_worker": len(workers) == 1, "condemned": enclave.stats().condemned_slots}


def contain(variant: str, programs: list[Program]) -> dict[str, Any]:
    """Crashes one after another beside whatever the variant has the host do."""
    from host_variants import VARIANTS

    host = VARIANTS[variant]()
    host.before()
    runs: list[dict[str, Any]] = []
    with make_enclave("contain") as enclave:
        host.started(enclave)
        for program in programs:
            runs.append({"name": program.name} | host.run(lambda p=program: one(enclave, p)))
            host.between()
        stats = enclave.stats()
    report = {"runs": runs, "contained_crashes": stats.contained_crashes, "host": host.after()}
    if host.last_act is not None:
        finish(report)
        host.last_act()
    return report


def flood(program: Program) -> dict[str, Any]:
    """The program beside an honest guest that calls tools meanwhile, then a run after it."""
    with make_flooded() as enclave:
        beside = enclave.submit("sum([call_tool('add', {'a': n, 'b': 1}) for n in range(100)])")
        result = enclave.run(program.code, timeout=program.timeout)
        honest = beside.result()
        after = enclave.run(HONEST)
        stats = enclave.stats()
    return {
        "code": code_of(result),
        "error": describe(result),
        "messages": result.stats.message_count,
        "served": result.stats.tool_call_count,
        "beside": honest.value if honest.success else describe(honest),
        "next_value": after.value if after.success else describe(after),
        "recycles": stats.worker_recycles,
        "condemned": stats.condemned_slots,
    }


def finish(report: dict[str, Any]) -> None:
    """Print the report; ``closed_at`` is on the clock that all processes of the machine share."""
    report["closed_at"] = time.monotonic()
    print(json.dumps(report), flush=True)


def main(kind: str, *rest: str) -> None:
    if kind == "contain":
        finish(contain(rest[0], [load(Path(path)) for path in rest[1:]]))
        return
    programs = [load(Path(path)) for path in rest]
    alone = {"memory": memory, "flood": flood}.get(kind)
    finish(batch(kind, programs) if alone is None else alone(programs[0]))


if __name__ == "__main__":
    main(*(serve(int(sys.argv[2])) if sys.argv[1] == "zygote" else sys.argv[1:]))
