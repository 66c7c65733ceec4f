"""tracemalloc in the host: begun before the package comes or while scripts run, and ended while workers live.

Each case is a child process: what is wrong here is memory that is given back to somebody else.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

STUCK = 60.0  # seconds

HEAD = """
import math
import tracemalloc
{before}
from dataclasses import replace

from enclave_subinterp import Enclave, EnclaveExecutor, ErrorCode, WorkerPoolPresets


class Mine:
    kept = None


config = replace(WorkerPoolPresets.STRICT, min_workers=1, max_workers=2)


def use(enclave):
    # What allocates, what is halted, and what is in no account unless the core's hooks are where they belong.
    for _ in range(5):
        assert enclave.run("import json\\nx = json.dumps([str(n) for n in range(2000)])\\nlen(x)").value > 1000
    assert enclave.run("while True: x = [object() for _ in range(100)]", timeout=0.05).error.code == "TIMEOUT"
    assert enclave.run("x = []\\nwhile True: x.append(bytes(100_000))").error.code == "MEMORY_LIMIT_EXCEEDED"
    assert enclave.run("1 + 1").value == 2
    assert enclave.stats().max_worker_memory > 1_000_000


def check_snapshot():
    # None of a script's: its names of files are gone.
    Mine.kept = [bytes(1000) for _ in range(100)]
    snapshot = tracemalloc.take_snapshot()
    names = {{frame.filename for trace in snapshot.traces for frame in trace.traceback}}
    assert __file__ in names
    assert not [name for name in names if name.startswith("<enclave")], names


"""

CASES = {
    "before the package": (
        "tracemalloc.start()\nimport enclave_subinterp._native",
        """
tracemalloc.stop()
with Enclave(worker_pool_config=config) as enclave:
    use(enclave)
    tracemalloc.start()
    use(enclave)
with Enclave(worker_pool_config=config) as enclave:
    use(enclave)
    check_snapshot()
""",
    ),
    "while scripts run": (
        "from tracemalloc import start, stop",  # as somebody has them who came first
        """
with Enclave(worker_pool_config=config) as enclave:
    for _ in range(2):
        handle = enclave.submit("while True: x = [str(n) for n in range(1000)]")
        start()
        use(enclave)
        check_snapshot()
        stop()
        use(enclave)
        handle.kill()
        assert handle.result().error.code == "ABORTED"
""",
    ),
    "over tasks": (
        "",
        """
with EnclaveExecutor(2) as executor:
    assert list(executor.map(math.isqrt, range(50))) == [math.isqrt(n) for n in range(50)]
    tracemalloc.start()
    assert list(executor.map(math.isqrt, range(50))) == [math.isqrt(n) for n in range(50)]
    assert type(executor.options(timeout=0.05).submit(sum, range(10**12)).exception()).__name__ == "TaskTimeoutError"
    check_snapshot()
    tracemalloc.stop()
    assert list(executor.map(math.isqrt, range(50))) == [math.isqrt(n) for n in range(50)]
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_hosts_memory_is_traced_and_that_of_slots_is_not(case: str, tmp_path) -> None:
    before, body = CASES[case]
    program = tmp_path / "program.py"
    program.write_text(HEAD.format(before=before) + body + "\nprint('whole')\n")
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, timeout=STUCK, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "whole\n", "")
