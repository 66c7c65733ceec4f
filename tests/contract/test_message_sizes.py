"""What large messages count for: more than one, but one of any size passes, and small ones are counted as ever."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from enclave_subinterp import (
    AsyncEnclave,
    Enclave,
    ErrorCode,
    RunResult,
    WorkerPoolConfig,
    WorkerPoolPresets,
    _native,
)
from tests.contract.lenient import Lenient

PRESETS = ("STRICT", "SECURE", "STANDARD", "PERMISSIVE")
CALLS = 1_000_000  # max_tool_calls: their number is not what is limited here
CATCHING = "{}\nwhile True:\n    try:\n        {}\n    except BaseException:\n        pass"


def one(config: WorkerPoolConfig = WorkerPoolPresets.STANDARD, **fields: Any) -> WorkerPoolConfig:
    """A pool of one worker."""
    return dataclasses.replace(config, **{"min_workers": 1, "max_workers": 1, **fields})


def sizes(name: str, args: dict[str, Any]) -> object:
    """The tools: how much came, and a large answer."""
    return len(args["value"]) if name == "size" else bytes(args["value"])


def code(result: RunResult) -> ErrorCode | None:
    return None if result.error is None else result.error.code


# --- what is no flood -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("before", ["", "print('first')\ncall_tool('size', {'value': [1, 2, 3]})\n"])
def test_one_message_of_the_largest_size(preset: str, before: str) -> None:
    """GIVEN each preset WHEN a run sends one message that just fits, be it the first or not THEN it passes."""
    config = one(getattr(WorkerPoolPresets, preset))
    most = config.max_message_size - 100
    with Enclave(worker_pool_config=config, tool_handler=sizes, max_tool_calls=CALLS) as enclave:
        for value in (f"'x' * {most}", f"b'x' * {most}", f"'\\u20ac' * ({most} // 3)"):
            script = f"{before}call_tool('size', {{'value': {value}}})"
            assert enclave.run(script).unwrap() in {most, most // 3}


@pytest.mark.parametrize(
    "value", ["[1] * 900_000", "[[]] * 180_000", "[set()] * 100_000", "['\\u20ac'] * 200_000"]
)
def test_one_message_of_the_most_items(value: str) -> None:
    config = one(WorkerPoolPresets.STRICT)
    script = f"print(1)\nvalue = {value}\ncall_tool('size', {{'value': value}}) == len(value)"
    with Enclave(worker_pool_config=config, tool_handler=sizes) as enclave:
        assert enclave.run(script).unwrap() is True


@pytest.mark.parametrize("preset", PRESETS)
def test_fifty_messages_of_16_kb(preset: str) -> None:
    config = one(getattr(WorkerPoolPresets, preset))
    script = "sum([call_tool('size', {'value': 'x' * (16 << 10)}) for _ in range(50)])"
    gathered = (
        "import asyncio\n"
        "sum(await asyncio.gather(*[acall_tool('size', {'value': 'x' * (16 << 10)}) for _ in range(10)]))"
    )
    with Enclave(worker_pool_config=config, tool_handler=sizes, max_tool_calls=CALLS) as enclave:
        assert enclave.run(script).unwrap() == 50 << 14
        assert enclave.run(gathered).unwrap() == 10 << 14


def test_ordinary_messages_take_one_each() -> None:
    """GIVEN 100 messages a second WHEN a run sends 100 of a few KB at once THEN it may, and the 101st is a flood."""
    row = {"id": 123456, "name": "some name", "price": 12.5, "tags": ["a", "b"], "sold": None}
    config = one(WorkerPoolPresets.STRICT)
    script = "for _ in range(count): call_tool('size', {'value': rows})"
    with Enclave(worker_pool_config=config, tool_handler=sizes, max_tool_calls=CALLS) as enclave:
        for count, end in (
            (100, None),
            (110, ErrorCode.MESSAGE_FLOOD),
        ):  # ten more than what comes in meanwhile
            variables = {"count": count, "rows": [row] * 50}
            assert code(enclave.run(script, globals=variables, timeout=60.0)) is end


def test_answers_of_tools_do_not_count() -> None:
    script = "sum([len(call_tool('large', {'value': 1 << 20})) for _ in range(300)])"
    with Enclave(worker_pool_config=one(), tool_handler=sizes, max_tool_calls=CALLS) as enclave:
        assert enclave.run(script).unwrap() == 300 << 20


def test_a_type_that_is_new_to_the_runtime_takes_no_more() -> None:
    """GIVEN a rate of one WHEN a value's type has to be looked up first, at the second try THEN that is no flood."""
    script = "import decimal\ncall_tool('size', {'value': [decimal.Decimal(1)]})"
    config = one(max_messages_per_second=1)
    with Enclave(worker_pool_config=config, tool_handler=sizes) as enclave:
        assert enclave.run(script).unwrap() == 1


# --- what is one ------------------------------------------------------------------------------------------------------

LARGE = {
    "text": "'x' * (1 << 20)",
    "wide text": "'\\u20ac' * (1 << 19)",
    "many": "[1, 2, 3, 4] * 25_000",
    "many containers": "[[1]] * 10_000",
    "many sets": "[set()] * 10_000",
    "large ints": "[1 << 100] * 10_000",
    "dates": "[__import__('datetime').date(2020, 1, 1)] * 1_000",
    "deep": "__import__('functools').reduce(lambda inner, _: [inner], range(1000), [])",
    "too large": "b'x' * (20 << 20)",
}
MOST = 200  # more than a second's worth of each, and fewer messages than a second allows


@pytest.mark.parametrize("name", LARGE)
def test_large_messages_are_a_flood_sooner(name: str) -> None:
    served = 0

    def count(name: str, args: dict[str, Any]) -> None:
        nonlocal served
        served += 1

    script = CATCHING.format(f"value = {LARGE[name]}", "call_tool('size', {'value': value})")
    with Enclave(worker_pool_config=one(), tool_handler=count, max_tool_calls=CALLS) as enclave:
        result = enclave.run(script)
        assert code(result) is ErrorCode.MESSAGE_FLOOD
        assert served <= result.stats.message_count < MOST * (1 + result.stats.duration)
        assert enclave.run("call_tool('size', {'value': []})").success, "a new run begins with a full bucket"


def test_large_messages_under_way_count_before_they_are_sent() -> None:
    """GIVEN calls that are begun together WHEN they are too much together THEN none of them is served."""
    served: list[str] = []
    script = """
import asyncio
await asyncio.gather(*[acall_tool("size", {"value": list(range(size))}) for _ in range(50)])
"""
    with Enclave(
        worker_pool_config=one(), tool_handler=lambda name, args: served.append(name), max_tool_calls=CALLS
    ) as enclave:
        assert enclave.run(script, globals={"size": 5_000}).success
        served.clear()
        assert code(enclave.run(script, globals={"size": 50_000})) is ErrorCode.MESSAGE_FLOOD
    assert not served


@pytest.mark.parametrize("name", ["text", "many", "dates"])
@pytest.mark.parametrize("kind", [Enclave, AsyncEnclave])
def test_the_host_counts_sizes_again(
    name: str, kind: type[Enclave | AsyncEnclave], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a core that has been made to let everything pass WHEN a guest floods THEN the host's limiter ends it."""

    async def on_loop() -> RunResult:
        async with AsyncEnclave(
            worker_pool_config=one(), tool_handler=sizes, max_tool_calls=CALLS
        ) as enclave:
            return await enclave.run(script)

    monkeypatch.setattr(_native, "Slot", Lenient)
    script = CATCHING.format(f"value = {LARGE[name]}", "call_tool('size', {'value': value})")
    if kind is AsyncEnclave:
        result = asyncio.run(on_loop())
    else:
        with Enclave(worker_pool_config=one(), tool_handler=sizes, max_tool_calls=CALLS) as enclave:
            result = enclave.run(script)
    assert code(result) is ErrorCode.MESSAGE_FLOOD
    assert result.stats.tool_call_count < MOST * (1 + result.stats.duration)
