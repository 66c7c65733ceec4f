"""Guests that flood their host with messages: how long each lasts, and what a second guest's tool calls take meanwhile.

`test_until_it_is_stopped` measures a whole run of the flood; `test_a_tool_call_beside` one call of the other guest, as
that guest sees it, while the flood is run again and again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from enclave_subinterp import Enclave


CATCHING: Final = "{}\nwhile True:\n    try:\n        {}\n    except BaseException: pass"
FLOODS: Final = {
    "tool calls": CATCHING.format("", "call_tool('ignore')"),
    "unknown tools": CATCHING.format("", "call_tool('unknown')"),
    "prints": CATCHING.format("", "print('again')"),
    "prints and calls": CATCHING.format("", "print('again'); call_tool('ignore')"),
    "calls under way": "import asyncio\nawait asyncio.gather(*[acall_tool('ignore') for _ in range(101)])",
    "deep arguments": CATCHING.format("a = 1\nfor _ in range(150): a = [a]", "call_tool('ignore', {'a': a})"),
    "long text": CATCHING.format("a = {'a': 'x' * (1 << 20)}", "call_tool('ignore', a)"),
    "many objects": CATCHING.format("a = {'a': list(range(100)) * 1000}", "call_tool('ignore', a)"),
}
HONEST: Final = """
from time import perf_counter
taken = []
for n in range(500):
    begun = perf_counter()
    call_tool("ignore", {"n": n})
    taken.append(perf_counter() - begun)
taken
"""
ROUNDS: Final = 20


def ignore(name: str, args: dict[str, Any]) -> None:
    """The only tool."""
    if name != "ignore":
        raise LookupError(name)


@contextmanager
def two_guests() -> Iterator[Enclave]:
    """An enclave with the limits of STANDARD, but for the number of tool calls of a run."""
    import dataclasses

    from enclave_subinterp import Enclave, WorkerPoolPresets

    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD, min_workers=2, max_workers=2, max_executions_per_worker=1_000_000
    )
    with Enclave(worker_pool_config=config, tool_handler=ignore, max_tool_calls=1_000) as enclave:
        yield enclave


@pytest.mark.parametrize("flood", FLOODS)
def test_until_it_is_stopped(benchmark: Any, flood: str) -> None:
    benchmark.group = "a flood, from its start to the caller's answer"
    with two_guests() as enclave:
        results = []
        benchmark.pedantic(lambda: results.append(enclave.run(FLOODS[flood])), rounds=ROUNDS, warmup_rounds=1)
    codes = {result.error.code.value for result in results if result.error is not None}
    benchmark.extra_info["codes"] = sorted(codes)
    assert codes <= {"MESSAGE_FLOOD", "OUTPUT_LIMIT", "MAX_TOOL_CALLS"}
    assert all(result.error is not None for result in results)


@pytest.mark.parametrize("flood", [None, *FLOODS])
def test_a_tool_call_beside(benchmark: Any, flood: str | None) -> None:
    benchmark.group = "500 tool calls of a guest beside a flood"
    taken: list[float] = []
    over = threading.Event()
    with two_guests() as enclave:

        def flooding() -> None:
            while flood is not None and not over.is_set():
                enclave.run(FLOODS[flood])

        thread = threading.Thread(target=flooding)
        thread.start()
        try:
            benchmark.pedantic(
                lambda: taken.extend(enclave.run(HONEST).unwrap()), rounds=ROUNDS, warmup_rounds=1
            )
        finally:
            over.set()
            thread.join()
    taken.sort()
    for name, share in (("median", 0.5), ("p99", 0.99), ("worst", 1.0)):
        micros = taken[min(int(len(taken) * share), len(taken) - 1)] * 1e6
        benchmark.extra_info[f"{name} of one call (us)"] = round(micros)
    print(f"{flood}: {benchmark.extra_info}")
