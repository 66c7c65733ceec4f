"""Values of every size there and back: what is large takes another way than what is small."""

from __future__ import annotations

import asyncio
import os
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enclave_subinterp import AsyncEnclave, Enclave, ErrorCode, WorkerPoolPresets
from tests.contract.test_message_sizes import one

SIZES = [0, 1, *range((64 << 10) - 60, (64 << 10) + 4, 3), 1 << 20, (4 << 20) - 1]
MB = 1 << 20


def held() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_values_of_every_size() -> None:
    with Enclave(worker_pool_config=one()) as enclave:
        for size in SIZES:
            for value in (os.urandom(size), "ä" * (size // 2), [b"x" * (size // 2), "y" * (size // 2)]):
                assert enclave.run("value", globals={"value": value}).unwrap() == value


def test_values_of_every_size_on_a_loop() -> None:
    async def main() -> None:
        async with AsyncEnclave(worker_pool_config=one()) as enclave:
            for size in SIZES:
                value = os.urandom(size)
                assert (await enclave.run("value", globals={"value": value})).unwrap() == value

    asyncio.run(main())


def test_globals_of_the_enclave_are_sent_again_and_again() -> None:
    value = os.urandom(MB)
    with Enclave(worker_pool_config=one(), globals={"value": value}) as enclave:
        for _ in range(3):
            assert enclave.run("value").unwrap() == value
            assert enclave.run("len(value) + more", globals={"more": 1}).unwrap() == MB + 1


def test_nothing_is_kept_of_what_was_sent() -> None:
    """GIVEN large values WHEN runs end, are halted, crash or lack memory THEN the host holds none of them."""
    value = os.urandom(8 * MB)
    ends: dict[str, Any] = {
        "len(value)": None,
        "while True: pass": ErrorCode.TIMEOUT,
        "import os; os.abort()": ErrorCode.WORKER_CRASHED,
        "x = [value * 2 for _ in range(1000)]": ErrorCode.MEMORY_LIMIT_EXCEEDED,
    }
    with Enclave(worker_pool_config=one(), security_level="STANDARD") as enclave:
        for turn in range(8):
            for code, expected in ends.items():
                result = enclave.run(
                    code, globals={"value": value}, timeout=0.05 if "while" in code else 10.0
                )
                assert (result.error.code if result.error is not None else None) is expected
            if turn == 2:
                before = held()
        enclave.run("1")
        assert held() - before < 3 * len(value)


@pytest.mark.parametrize("pristine", [True, False])
def test_memory_of_large_messages_is_used_again(pristine: bool) -> None:
    """GIVEN values of a megabyte and some bytes WHEN they go there and back THEN no memory is faulted in anew."""
    config = replace(WorkerPoolPresets.PERMISSIVE, min_workers=1, max_workers=1)
    with Enclave(worker_pool_config=config, pristine=pristine) as enclave:

        def there_and_back(times: int) -> None:
            for n in range(times):
                given = bytes((1 << 20) + 37 * n)
                assert enclave.run("x", globals={"x": given}).value == given

        there_and_back(20)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        there_and_back(100)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    assert faults < 100 * 50  # of the 256 pages that one has
