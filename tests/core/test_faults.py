"""Whatever fails below, by the n-th call of the core, for every n: the next run is right, or the caller was told why.

`make test` walks through some of the calls, other ones on each version; `make stress` through all of them.
"""

from __future__ import annotations

import sys

import pytest
from slots import child

# What is not a walk is its own small test below: it says what broke where a walk says only that something did.
WALKING = """
import sys
from fault_walk import Walk
walk = Walk(int(sys.argv[2]), int(sys.argv[3]))
match sys.argv[1]:
    case "slot":
        from fault_walk import walk_slot
        walk_slot(walk)
    case "guarded slot":
        from fault_walk import walk_slot
        walk_slot(walk, sandbox=True, policy=True)
    case "pool":
        from fault_walk_pool import walk_pool
        walk_pool(walk)
report(injected=walk.injected, names=walk.names, answers=walk.answers, broken=walk.broken)
"""


def walk(kind: str, step: int, least: int, timeout: float) -> None:
    first = 1 + sys.version_info.minor * 5 % step
    ended = child(WALKING, kind, str(first), str(step), timeout=timeout)
    ended.check(within=10.0)
    (said,) = ended.reports
    print(f"{said['injected']} faults, {said['names']}")
    assert not said["broken"], "\n".join(said["broken"])
    assert said["injected"] >= least, said


@pytest.mark.parametrize(("kind", "step", "least"), [("slot", 23, 30), ("pool", 83, 30)])
def test_some_faults(kind: str, step: int, least: int) -> None:
    # GIVEN lives of slots, of enclaves WHEN one call of the core fails in each THEN they are whole, or say so
    walk(kind, step, least, 90.0)


@pytest.mark.stress
@pytest.mark.parametrize("kind", ["slot", "guarded slot", "pool"])
def test_every_fault(kind: str) -> None:
    walk(kind, 1, 500, 3500.0)
