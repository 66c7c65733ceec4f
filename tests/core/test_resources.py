"""A host that may have little is told what is missing and which limit is to be raised, and nothing is left behind."""

from __future__ import annotations

import subprocess
import sys

STUCK = 60.0  # seconds

PROGRAM = """
import resource
import sys
import threading

from enclave_subinterp import Enclave, WorkerStartupError

limit = getattr(resource, sys.argv[1])
before = resource.getrlimit(limit)
resource.setrlimit(limit, (int(sys.argv[2]), before[1]))
try:
    Enclave()
except WorkerStartupError as error:
    print(error)
resource.setrlimit(limit, before)
with Enclave() as enclave:
    print(enclave.run("1 + 1").value)
print([thread.name for thread in threading.enumerate()])
"""


def test_a_worker_that_cannot_have_its_snapshot_says_why() -> None:
    command = [sys.executable, "-c", PROGRAM, "RLIMIT_FSIZE", str(1 << 20)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=STUCK, check=False)
    said, *rest = done.stdout.splitlines()
    assert said.endswith("no snapshot could be taken: File too large (see `ulimit -f`, `ulimit -v`)")
    assert (done.returncode, rest, done.stderr) == (0, ["2", "['MainThread']"], "")
