"""What `test_contain_under_pytest` runs in a pytest of its own: guests crash in the process of the test runner."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from child import code_of, make_enclave, one
from programs import HOSTILE, load


def test_guests_crash_here() -> None:
    names = ("null_read", "abort", "machine_stack_overflow", "bytecode_constant_far", "raise_sigill")
    with make_enclave("contain") as enclave:
        for name in names:
            program = load(HOSTILE / "contain" / f"{name}.py")
            report = one(enclave, program)
            assert report["code"] in program.expect, report
            assert report["next_value"] == 45, report
        assert code_of(enclave.run("1 + 1")) == "SUCCESS"
