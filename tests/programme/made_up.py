"""A run of `make bench` whose figures are made up: every section, every peer."""

from __future__ import annotations

from typing import Any

from benchmarks.programme import calls, lives, ways

TIMES = {
    calls.FUTEX: 6e-6,
    calls.FUTEX_SPINNING: 0.5e-6,
    ways.KEPT: 14e-6,
    ways.IDLE: 20e-6,
    ways.PRISTINE: 50e-6,
    ways.INTERPRETERS: 130e-6,
    ways.MONTY: 130e-6,
    ways.FORKSERVER: 400e-6,
    ways.EXECUTOR: 15e-6,
}


def times(values: dict[str, float]) -> dict[str, Any]:
    """Rows of summaries."""
    return {
        name: {"median": value, "p99": 3 * value, "low": 0.9 * value, "high": 1.1 * value, "count": 100}
        for name, value in values.items()
    }


def document(version: str = "3.14.10", **changes: Any) -> dict[str, Any]:
    """As `make bench` writes it; `changes` replace parts of it."""
    rates = {
        ways.EXECUTOR: 90_000.0,
        ways.INTERPRETERS: 9_000.0,
        ways.FORKSERVER: 5_000.0,
        ways.THREADS: 75_000.0,
    }
    large = {**TIMES, ways.EXECUTOR: 300e-6, calls.MEMCPY: 100e-6, calls.CARRY: 220e-6}
    grid = {"1": times(TIMES), "1048576": times(large)}
    ratio = {"value": 1.01, "low": 1.0, "high": 1.02}
    sections = {
        "call": {"rows": times(TIMES), "missing": {"loky": "not installed"}},
        "items": {"rows": times({ways.KEPT: 150e-6, ways.INTERPRETERS: 1.7e-3}), "missing": {}},
        "payload": {
            "points": grid,
            "missing": {},
            "refused": {"Monty, kept session": "not above 8 MB: ValueError"},
        },
        "tiny": {
            "rows": times(rates),
            "chunked": times({ways.EXECUTOR: 2e6, ways.FORKSERVER: 8e5}),
            "missing": {},
        },
        "workers": {"points": {"1": times(rates), "64": times(rates)}, "missing": {}},
        "callers": {"points": {"1": times(TIMES), "1000": times(TIMES)}, "missing": {}},
        "executions": {"points": {"1": times(TIMES), "100000": times(TIMES)}, "missing": {}},
        "speed_up": {"rows": times({ways.EXECUTOR: 1.95, ways.FORKSERVER: 1.9}), "missing": {}},
        "start": {
            "rows": times(
                {
                    "worker, without its warm-up": 5e-3,
                    "create(), bare": 10e-3,
                    "worker, ready for scripts": 60e-3,
                    "create() and the same modules": 80e-3,
                }
            ),
            "first": times({ways.EXECUTOR: 20e-3, ways.FORK: 5e-3}),
            "missing": {},
        },
        "kill": {
            "rows": times({"loop": 0.2e-3, "every program of the halt suite": 0.8e-3}),
            "next": times({"loop": 0.5e-3, "every program of the halt suite": 1.2e-3}),
            "missing": {},
            "programs": 400,
            "other_worker": 0,
            "ended_themselves": 2,
        },
        "layers": {
            "points": {work: times(dict.fromkeys(lives.LAYERS, 1e-3)) for work in ("start", *lives.WORK)}
        },
        "memory": {
            "bytes": {
                "worker, started": 9_000_000,
                "worker, after a run and its rewind": 10_000_000,
                "bare subinterpreter, the same modules": 9_500_000,
            },
            "modules": 100,
            "big": {"before": 1, "peak": 100_000_000, "after": 2},
        },
        "growth": {"rows": {"run": {"bytes": 3.0, "times": 10_000, "seconds": 2.0}}},
        "accounting": {
            "rows": {arm: {"objects": ratio, "all of them": ratio} for arm in ("again", "kept", "pristine")},
            "sets": 6,
        },
        "counted": {
            "rows": {
                "copies of 1 MiB": {
                    "task, 1 MiB in": 2.0,
                    "task, 1 MiB out": 2.0,
                    "script, 1 MiB in": 2.0,
                    "script, 1 MiB out": 2.0,
                }
            }
        },
    }
    quiet = {
        "spin_best": 1e-3,
        "spin_median": 1.01e-3,
        "spin_spread": 1.05,
        "steal": 0.0,
        "others": 0.01,
        "load_before": 0.1,
        "noisy": [],
    }
    found = {
        "schema": 1,
        "taken": "2026-01-02T03:04:05+00:00",
        "quick": False,
        "partial": False,
        "machine": {
            "version": "0.1.0",
            "python": version,
            "python_compiler": "GCC 1",
            "system": "Linux 1",
            "processor": "made up",
            "architecture": "x86_64",
            "processors": 2,
            "siblings": True,
            "memory": 8 << 30,
            "capabilities": {"rewind": "scan"},
            "packages": {"loky": "1"},
        },
        "sections": sections,
        "noise": {name: dict(quiet) for name in sections},
        "failed": {},
        "seconds": 400.0,
    }
    return {**found, **changes}
