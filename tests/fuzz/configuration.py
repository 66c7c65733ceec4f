"""Fuzzes what a program configures: ``python configuration.py SECONDS SEED LAST`` (see hammer.py).

Any value that JSON can say, and some that it cannot, gives either an object that works or a TypeError or ValueError
whose message begins with the field's name.  What works is tried: an enclave is made and a script run in it.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hammer import Last, hammer

from enclave_subinterp import Enclave, EnclaveError, WorkerPoolConfig

MB = 1024 * 1024
HUGE = 7 * 10**40  # stands for an int of 5,000 digits
FIELDS = tuple(field.name for field in fields(WorkerPoolConfig))
ARGUMENTS = (
    "adapter", "security_level", "worker_pool_config", "tool_handler", "timeout", "cpu_limit", "tool_timeout",
    "max_tool_calls", "max_iterations", "globals", "allowed_modules", "pristine", "on_output",
)  # fmt: skip
EDGES = (
    0, 1, -1, 2, 8 * MB, 8 * MB - 1, 1024, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), HUGE, -HUGE,
    0.0, -0.0, 0.5, 1e-300, 5e-324, 1e9, 1e10, 1e300, math.inf, -math.inf, math.nan,
)  # fmt: skip
WORDS = ("", "x", "STRICT", "inline", "contain", "abort", "true", "math", "\ud800", "a\0b", "é" * 300)

anything = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.sampled_from(EDGES), st.integers(), st.floats(), st.sampled_from(WORDS), st.text()
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip
# Sizes that the machine running this could not hold are for the object alone, not for an enclave.
TAME: dict[str, st.SearchStrategy[Any]] = {
    "min_workers": st.integers(0, 2),
    "max_workers": st.integers(1, 10**9),
    "spare_workers": st.integers(0, 1),
    "memory_limit_per_worker": st.sampled_from(
        (24 * MB, 2**31, 2**40, 2**46, 2**47, 2**62, 2**63, 2**64, HUGE)
    ),
}
seconds = st.sampled_from((5e-324, 1e-300, 1e-9, 0.5, 1, 1e9, 1e10, 1e300, math.inf))
sizes = st.sampled_from((1024, 16 * MB, 2**31, 2**63 - 1, 2**63, 2**64, HUGE))
for name in FIELDS:
    if name.endswith(("timeout", "interval")):
        TAME[name] = seconds
    elif name.startswith("max_") and name not in TAME:
        TAME[name] = sizes
TAME["stats_interval"] = st.sampled_from((0.5, 1e10, 1e300))
configurations = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, anything))
tame = st.fixed_dictionaries({}, optional=TAME)
arguments = st.fixed_dictionaries({}, optional=dict.fromkeys(ARGUMENTS, anything))


def real(example: Any) -> Any:
    """The example with the ints that CPython would not write, and hypothesis has to."""
    if type(example) is int and abs(example) == HUGE:
        return 10**5000 if example > 0 else -(10**5000)
    if isinstance(example, dict):
        return {key: real(value) for key, value in example.items()}
    return [real(value) for value in example] if isinstance(example, list) else example


def named(error: Exception, known: tuple[str, ...], given: dict[str, Any]) -> None:
    """The complaint begins with a field that was given."""
    field = str(error).partition(":")[0].partition("[")[0]
    assert type(error) in {TypeError, ValueError}, f"{type(error).__name__}: {error}"
    assert field in set(known).intersection(given), f"names no field that was given: {str(error)[:300]}"
    assert len(str(error)) < 2_000, f"{len(str(error))} characters: {str(error)[:300]}"


def make_config(given: dict[str, Any]) -> None:
    given = real(given)
    try:
        config = WorkerPoolConfig(**given)
    except (TypeError, ValueError, OverflowError) as error:
        # Both are compared; the one that is left out has its default.
        named(error, FIELDS, {**given, "max_workers": 0} if "min_workers" in given else given)
        return
    text = json.dumps(config.to_dict(), allow_nan=False) if small(config) else None
    if text is not None:
        callbacks = {name: getattr(config, name) for name in ("on_worker_recycled", "on_stats_update")}
        assert WorkerPoolConfig.from_dict(json.loads(text), base=WorkerPoolConfig(**callbacks)) == config


def small(config: WorkerPoolConfig) -> bool:
    """CPython itself writes no int of more than 4,300 digits."""
    return all(not isinstance(value, int) or value < 2**64 for value in config.to_dict().values())


def from_data(given: dict[str, Any]) -> None:
    given = real(given)
    try:
        WorkerPoolConfig.from_dict(given)
    except (TypeError, ValueError, OverflowError) as error:
        if not str(error).startswith("expected fields out of"):
            named(error, FIELDS, {**given, "max_workers": 0})


def make_enclave(given: dict[str, Any]) -> None:
    """Arguments of the constructor; nothing is started where they are wrong."""
    given = real(given)
    try:
        enclave = Enclave(**{"worker_pool_config": WorkerPoolConfig(min_workers=0), **given})
    except (TypeError, ValueError, OverflowError) as error:
        named(error, ARGUMENTS, given)
    except EnclaveError:
        pass  # what the platform or the adapter lacks
    else:
        enclave.close()


def work(given: dict[str, Any]) -> None:
    """A configuration that is valid serves, or says which field is too much."""
    given = real(given)
    try:
        config = WorkerPoolConfig(**{"min_workers": 0, "graceful_shutdown_timeout": 0.0, **given})
    except ValueError as error:
        named(error, FIELDS, given)
        return
    try:
        with Enclave(worker_pool_config=config, timeout=20.0) as enclave:
            result = enclave.run("1 + 1")
            assert result.value == 2, result
            assert enclave.submit("1 + 1").result(20.0).value == 2
    except EnclaveError as error:
        if "memory_limit_per_worker" not in given:
            raise AssertionError(f"{type(error).__name__}: {error}") from error


def main(seconds_: str, seed: str, last: str) -> None:
    properties = {
        "fields": (make_config, configurations),
        "data": (from_data, configurations | st.dictionaries(st.sampled_from((*FIELDS, *WORDS)), anything)),
        "arguments": (make_enclave, arguments),
        "serving": (work, tame),
    }
    hammer(properties, float(seconds_), int(seed), Last(last))


if __name__ == "__main__":
    main(*sys.argv[1:])
