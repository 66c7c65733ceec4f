"""Nothing outside points into a slot's range after the programs of the suites either, and the process is as it was.

What a process has beside its memory (descriptors, threads, settings of libc and of CPython, its static types) is
compared before and after.
"""

from __future__ import annotations

import sys

import pytest
from outside import CLOSING, ENVIRONMENT, LOOKING
from slots import FOLDER, child

SUITES = FOLDER.parent / "suites"

STATE = r"""
import os
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import benign, host_state, programs


def descriptors():
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            pass  # that of the listing itself
    return found


def static_types():
    # As the main interpreter has them: a guest's changes are to stay in its own.
    found, left = {}, [object]
    while left:
        one = left.pop()
        if not one.__flags__ & (1 << 9) and one not in found:
            found[one] = one.__flags__, one.__mro__, one.__bases__, one.__basicsize__, sorted(one.__dict__)
        left += [c for c in type.__subclasses__(one) if c not in found and not c.__flags__ & (1 << 9)]
    return {f"type {one.__module__}.{one.__name__}": what for one, what in found.items()}


def process():
    import codecs, decimal, gc, warnings
    return host_state.snapshot([]) | static_types() | {
        "descriptors": descriptors(),
        "threads": len(os.listdir("/proc/self/task")),
        "environment": dict(os.environ), "C environment": host_state._libc.getenv(b"PATH"),
        "limits of sys": (sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits()),
        "hooks of sys": (sys.excepthook, sys.displayhook, sys.unraisablehook, sys.gettrace(), sys.getprofile(),
                         sys.breakpointhook, sys.getallocatedblocks() > 0, list(sys.path), list(sys.meta_path)),
        "tools of sys.monitoring": [sys.monitoring.get_tool(n) for n in range(6)],
        "modules": sorted(sys.modules), "filters": list(warnings.filters), "gc": (gc.get_threshold(), gc.isenabled()),
        "decimal": str(decimal.getcontext()), "codec": codecs.lookup("utf-8").name,
    }


def mappings():
    # Outside the ranges of slots: libc's heaps, stacks, libraries.
    lines = Path("/proc/self/maps").read_text().splitlines()
    return sum(not line.startswith("1cfc") for line in lines)


def unheard(slot, code, **limits):
    # A run whose value does not matter, with the tools that the programs call.
    run_id = begin(slot, code, **limits)
    while (event := slot.next_event(STUCK)) is not None:
        kind, number, first, arguments, _ = event
        if kind == N.EVENT_DONE:
            return first.outcome
        if kind in (N.EVENT_TOOL_CALL, N.EVENT_ASYNC_CALL):
            try:
                slot.reply(number, True, N.encode(benign.tools(first, N.decode(arguments))))
            except Exception as error:
                slot.reply(number, False, N.encode([type(error).__name__, str(error)]))
    raise SystemExit(f"a program said nothing:\n{code}")


silent, held_open = os.pipe()
os.dup2(silent, 0)
kind, first, step, batch = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
chosen = (benign.load_all() if kind == "benign" else programs.load_all(kind))[first::step]
unheard(slot, "1"); process(); mappings()
before, mapped, tried = process(), mappings(), 0
for at in range(0, len(chosen), batch):
    for program in chosen[at:at + batch]:
        if getattr(program, "layer", "") == "process":
            continue  # without the sandbox these change the process on purpose
        limits = {"timeout": 0.03} if kind == "halt" else {"timeout": 5.0}
        if unheard(slot, program.code, **limits) == N.OUTCOME_CRASHED:
            raise SystemExit(f"{program.name} has crashed")
        tried += 1
    look(", ".join(program.name for program in chosen[at:at + batch]))
settle(slot)
after, grown = process(), mappings() - mapped
finds += host_state.changes(before, after)
"""

REPORT = CLOSING.replace("looked=True", "tried=tried, grown=grown")


def search(kind: str, step: int, batch: int, timeout: float) -> dict[str, int]:
    first = sys.version_info.minor % step
    arguments = (str(SUITES), kind, str(first), str(step), str(batch))
    ended = child(LOOKING + STATE + REPORT, *arguments, timeout=timeout, env=ENVIRONMENT)
    ended.check(within=10.0)
    (said,) = ended.reports
    print(f"{kind}: {said['tried']} programs, {said['grown']} mappings more")
    assert not said["finds"], "\n".join(said["finds"])
    return said


@pytest.mark.parametrize(("kind", "step", "least"), [("benign", 5, 30), ("halt", 9, 10), ("stain", 5, 8)])
def test_some_programs(kind: str, step: int, least: int) -> None:
    # GIVEN the state of a process with a slot WHEN the slot has run programs of a suite
    said = search(kind, step, 8, 60.0)
    # THEN it is the same, and nothing points into the range
    assert said["tried"] >= least


@pytest.mark.stress
@pytest.mark.parametrize("kind", ["benign", "halt", "stain"])
def test_every_program(kind: str) -> None:
    search(kind, 1, 1, 1800.0)
