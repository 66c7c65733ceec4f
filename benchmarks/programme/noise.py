"""How quiet the machine is while it is measured, so that a report can say when it was not.

Three signs: what a fixed piece of work takes, again and again; processor time that the hypervisor took (steal); and
processor time that others than we used.
"""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from benchmarks.programme.figures import summary
from benchmarks.programme.tasks import count

SPINS: Final = 60
TURNS: Final = 20_000  # about a millisecond
# More than this is called noisy.
SPREAD: Final = 1.25  # the spin's 90th percentile to its best
STEAL: Final = 0.02  # of the processors' time
OTHERS: Final = 0.05


def spin() -> dict[str, float]:
    """What the fixed work took: the best, the median and the 90th percentile."""
    took = []
    for _ in range(SPINS):
        start = time.perf_counter()
        count(TURNS)
        took.append(time.perf_counter() - start)
    took.sort()
    return {"best": took[0], "median": summary(took)["median"], "p90": took[int(len(took) * 0.9)]}


def _processor_ticks() -> tuple[int, int, int]:
    """(busy, stolen, all) of the machine."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, idle, wait, irq, soft, steal = fields
    return user + nice + system + irq + soft, steal, sum((user, nice, system, idle, wait, irq, soft, steal))


def _own_seconds() -> float:
    own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in own)


@dataclass
class Watch:
    """From `begin` to `end`: what else went on."""

    ticks: tuple[int, int, int]
    own: float
    spin: dict[str, float]
    load: float
    begun: float

    @classmethod
    def begin(cls) -> Self:
        """Before a section."""
        spun = spin()
        return cls(_processor_ticks(), _own_seconds(), spun, os.getloadavg()[0], time.monotonic())

    def end(self) -> dict[str, Any]:
        """After it, when its processes have ended."""
        busy, steal, whole = (now - then for now, then in zip(_processor_ticks(), self.ticks, strict=True))
        own = (_own_seconds() - self.own) * os.sysconf("SC_CLK_TCK")
        whole = max(whole, 1)
        found = {
            "seconds": round(time.monotonic() - self.begun, 1),
            "spin_best": self.spin["best"],
            "spin_median": self.spin["median"],
            "spin_spread": self.spin["p90"] / self.spin["best"],
            "steal": steal / whole,
            "others": max(0.0, busy - own) / whole,
            "load_before": self.load,
        }
        return {**found, "noisy": reasons(found)}


def reasons(found: dict[str, Any]) -> list[str]:
    """Why these figures are those of a noisy machine; none: they are not."""
    said = []
    if found["spin_spread"] > SPREAD:
        said.append(f"the same work took up to {found['spin_spread']:.2f} times its best")
    if found["steal"] > STEAL:
        said.append(f"the hypervisor took {found['steal']:.0%} of the processors")
    if found["others"] > OTHERS:
        said.append(f"other programs used {found['others']:.0%} of the processors")
    return said
