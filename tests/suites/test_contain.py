"""Native crashes of guests: the run ends with its code, the host lives and its own handlers still work."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from harness import SUITES, Ahead, Outcome, check_code, check_exit, run_child
from programs import HOSTILE, Program, load, load_all

PROGRAMS = load_all("contain")

# One of each kind of crash, quick to reach; every variant of the host runs them all in one process.
CHOSEN = [
    load(HOSTILE / "contain" / f"{name}.py")
    for name in (
        "null_read",
        "null_write",
        "abort",
        "abort_in_import",
        "abort_in_del",
        "bus_error_truncated_file",
        "bytecode_constant_far",
        "machine_divide_by_zero",
        "machine_stack_overflow",
        "raise_sigill",
        "raise_sigfpe",
        "deep_tuple_hash",
    )
]
CONFIGURATIONS = {
    "faulthandler": ("faulthandler", ["-I"], {}),
    "faulthandler_by_option": ("faulthandler", ["-I", "-X", "faulthandler"], {}),
    "faulthandler_later": ("faulthandler_later", ["-I"], {}),
    "dev_mode": ("quiet", ["-I", "-X", "dev"], {}),
    "malloc_libc": ("quiet", ["-P", "-s"], {"PYTHONMALLOC": "malloc"}),
    "malloc_debug": ("quiet", ["-P", "-s"], {"PYTHONMALLOC": "debug"}),
    "malloc_of_libc_with_debug": ("quiet", ["-P", "-s"], {"PYTHONMALLOC": "malloc_debug"}),
    "host_thread_computing": ("computing", ["-I"], {}),
    "host_asyncio_loop": ("asyncio", ["-I"], {}),
    "host_signal_handlers": ("signals", ["-I"], {}),
    "host_signal_handlers_later": ("signals_later", ["-I"], {}),
    "host_signals_masked": ("masked", ["-I"], {}),
}


def check_runs(outcome: Outcome, programs: list[Program]) -> None:
    """Every run ended with its code and every next run was right."""
    assert [run["name"] for run in outcome.report["runs"]] == [program.name for program in programs]
    for run, program in zip(outcome.report["runs"], programs, strict=True):
        check_code(program, run["code"], run["error"])
        assert run["next_value"] == 45, f"after {program.name}: {outcome.explain()}"
        assert run["condemned"] == 0, f"after {program.name}: {outcome.explain()}"
    crashed = sum(run["code"] == "WORKER_CRASHED" for run in outcome.report["runs"])
    assert outcome.report["contained_crashes"] == crashed
    assert all(outcome.report["host"].values()), outcome.report["host"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_contain(program: Program, ahead: Ahead) -> None:
    outcome = ahead.outcome(program)
    check_exit(outcome, stderr_any=program.stderr_any)
    check_runs(outcome, [program])


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_contain_in_host(name: str) -> None:
    # GIVEN a host that is set up so WHEN guests crash in it, one after another
    variant, options, env = CONFIGURATIONS[name]
    outcome = run_child(
        ["contain", variant, *(str(program.path) for program in CHOSEN)], options=options, env=env, timeout=60
    )
    # THEN each is contained, and what the host does besides comes out right
    check_exit(outcome, stderr_any=variant == "faulthandler_later")
    check_runs(outcome, CHOSEN)


@pytest.mark.parametrize(
    ("variant", "number", "words"),
    [
        ("faulthandler_crash", signal.SIGSEGV, "Fatal Python error: Segmentation fault"),
        ("host_crash", signal.SIGABRT, ""),
    ],
)
def test_crash_of_the_host_is_not_contained(variant: str, number: int, words: str) -> None:
    # GIVEN a host in which guests have crashed WHEN it crashes itself
    few = CHOSEN[:3]
    outcome = run_child(["contain", variant, *(str(program.path) for program in few)])
    # THEN it dies of that, as it would without us, and faulthandler tells of it
    check_runs(outcome, few)
    assert outcome.status == -number, outcome.explain()
    assert words in outcome.stderr, outcome.explain()


def test_contain_under_pytest(tmp_path: Path) -> None:
    # GIVEN a pytest of its own, whose plugin has faulthandler on WHEN its test has guests crash
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-m",
            "pytest",
            "-c",
            "/dev/null",
            "-p",
            "no:cacheprovider",
            "-q",
            str(SUITES / "pytest_child.py"),
            "--rootdir",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    # THEN it passes, and the session ends cleanly
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert not done.stderr


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 25
