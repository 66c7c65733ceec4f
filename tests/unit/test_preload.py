"""What an enclave imports into its host leaves the host's modules as a program's own import would."""

from __future__ import annotations

import subprocess
import sys

CHILD = """
import sys
from enclave_subinterp import Enclave

assert "asyncio" not in sys.modules, "the test is void"
with Enclave():
    pass

import asyncio

async def main():
    assert asyncio.current_task() is not None
    async with asyncio.timeout(60):
        pass

asyncio.run(main())
"""


def test_asyncio_is_whole_where_the_enclave_came_first() -> None:
    child = subprocess.run([sys.executable, "-I", "-c", CHILD], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stderr) == (0, "")
