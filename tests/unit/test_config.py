"""The preset tables, row by row, and the configuration, field by field; nothing here needs the native core."""

import dataclasses
import json
import math
import sys
from collections.abc import Callable
from typing import Any

import pytest

from enclave_subinterp import SecurityLevel, WorkerPoolConfig, WorkerPoolPresets

MB = 1024 * 1024
KB = 1024
LEVELS = ("STRICT", "SECURE", "STANDARD", "PERMISSIVE")

POOL_ROWS: dict[str, tuple[float, float, float, float]] = {
    "min_workers": (2, 2, 2, 4),
    "max_workers": (4, 8, 16, 32),
    "memory_limit_per_worker": (64 * MB, 128 * MB, 256 * MB, 512 * MB),
    "max_executions_per_worker": (100, 500, 1_000, 5_000),
    "max_queue_size": (20, 50, 100, 500),
    "max_messages_per_second": (100, 500, 1_000, 5_000),
    "max_pending_tool_calls": (10, 50, 100, 1_000),
    "max_message_size": (1 * MB, 4 * MB, 16 * MB, 64 * MB),
    "idle_timeout": (15, 30, 30, 60),
    "queue_timeout": (10, 20, 30, 60),
    "graceful_shutdown_timeout": (2, 3, 5, 10),
    "memory_check_interval": (0.5, 1, 1, 2),
}

LEVEL_ROWS: dict[str, tuple[object, object, object, object]] = {
    "timeout": (5, 15, 30, 60),
    "max_tool_calls": (10, 50, 100, 1_000),
    "max_iterations": (1_000, 5_000, None, None),
    "max_output_calls": (100, 500, 1_000, 10_000),
    "max_output_bytes": (64 * KB, 256 * KB, 1 * MB, 10 * MB),
    "strip_paths": (True, True, False, False),
    "block_clocks": (True, False, False, False),
    "refuse_unbounded_while": (True, True, False, False),
    "refuse_confusables": (True, True, False, False),
}

POSITIVE = ("memory_check_interval", "stats_interval", "idle_timeout")
FROM_ZERO = ("queue_timeout", "graceful_shutdown_timeout")
COUNTS = {
    "min_workers": 0,
    "max_workers": 1,
    "memory_limit_per_worker": 8 * MB,
    "max_executions_per_worker": 1,
    "max_queue_size": 0,
    "max_messages_per_second": 1,
    "max_pending_tool_calls": 1,
    "max_message_size": 1024,
    "spare_workers": 0,
    "max_condemned": 0,
}
CALLBACKS = ("on_worker_recycled", "on_stats_update")


def made(**fields: Any) -> WorkerPoolConfig:
    return WorkerPoolConfig(**fields)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("field", POOL_ROWS)
def test_pool_preset(field: str, level: str) -> None:
    assert getattr(getattr(WorkerPoolPresets, level), field) == POOL_ROWS[field][LEVELS.index(level)]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("field", LEVEL_ROWS)
def test_security_level(field: str, level: str) -> None:
    assert getattr(SecurityLevel(level).limits, field) == LEVEL_ROWS[field][LEVELS.index(level)]


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_goes_with_the_pool_preset_of_its_name(level: str) -> None:
    assert SecurityLevel(level).pool_config is getattr(WorkerPoolPresets, level)
    assert str(SecurityLevel(level)) == level


def test_the_fields_are_those_of_the_contract() -> None:
    names = {field.name for field in dataclasses.fields(WorkerPoolConfig)}
    assert names == {
        *POOL_ROWS,
        *COUNTS,
        *POSITIVE,
        *FROM_ZERO,
        *CALLBACKS,
        "warm_on_init",
        "on_native_crash",
    }


def test_defaults_are_standard() -> None:
    assert WorkerPoolConfig() == WorkerPoolPresets.STANDARD


def test_frozen_and_customised_with_replace() -> None:
    strict = WorkerPoolPresets.STRICT
    with pytest.raises(dataclasses.FrozenInstanceError):
        strict.max_workers = 5  # type: ignore[misc]
    wider = dataclasses.replace(strict, max_workers=6)
    assert (wider.max_workers, strict.max_workers) == (6, 4)
    assert dataclasses.replace(wider, max_workers=4) == strict


@pytest.mark.parametrize(("field", "minimum"), COUNTS.items())
def test_counts_at_and_below_their_minimum(field: str, minimum: int) -> None:
    others = {"min_workers": 0} if field == "max_workers" else {}
    assert getattr(made(**{**others, field: minimum}), field) == minimum
    with pytest.raises(
        ValueError, match=rf"^{field}: expected an integer of at least {minimum}, got {minimum - 1}"
    ):
        made(**{**others, field: minimum - 1})


@pytest.mark.parametrize("field", COUNTS)
@pytest.mark.parametrize("value", [True, 1.5, "3", None])
def test_counts_of_a_wrong_type(field: str, value: object) -> None:
    with pytest.raises(TypeError, match=rf"^{field}: expected an integer .* got {type(value).__name__} "):
        made(**{field: value})


@pytest.mark.parametrize("field", ["memory_limit_per_worker", "max_message_size"])
def test_sizes_that_the_core_cannot_count(field: str) -> None:
    assert getattr(made(**{field: sys.maxsize}), field) == sys.maxsize
    for size in (sys.maxsize + 1, 10**5000):
        with pytest.raises(ValueError, match=rf"^{field}: expected at most {sys.maxsize} bytes, got "):
            made(**{field: size})


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (
            {"min_workers": 10**5000},
            "max_workers: expected at least min_workers (<an int of 16610 bits>), got 16",
        ),
        (
            {"min_workers": -(10**5000)},
            "min_workers: expected an integer of at least 0, got <an int of 16610 bits>",
        ),
        (
            {"warm_on_init": [10**5000]},
            "warm_on_init: expected True or False, got list [<an int of 16610 bits>]",
        ),
    ],
)
def test_an_int_too_long_to_be_written_is_described(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        made(**fields)
    assert str(caught.value).startswith(complaint)


@pytest.mark.parametrize("field", [*POSITIVE, *FROM_ZERO])
@pytest.mark.parametrize("value", [-1, -0.001, math.nan, -math.inf, 10**400])
def test_seconds_out_of_range(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"^{field}: expected seconds "):
        made(**{field: value})


@pytest.mark.parametrize("field", [*POSITIVE, *FROM_ZERO])
@pytest.mark.parametrize("value", [True, "1", None])
def test_seconds_of_a_wrong_type(field: str, value: object) -> None:
    with pytest.raises(TypeError, match=rf"^{field}: expected seconds .* got {type(value).__name__} "):
        made(**{field: value})


@pytest.mark.parametrize("field", [*POSITIVE, *FROM_ZERO])
def test_seconds_become_floats_and_zero_is_for_some(field: str) -> None:
    value = getattr(made(**{field: 3}), field)
    assert (value, type(value)) == (3.0, float)
    if field in FROM_ZERO:
        assert getattr(made(**{field: 0}), field) == 0.0
    else:
        with pytest.raises(ValueError, match="more than 0"):
            made(**{field: 0})


def test_never_is_for_the_timeouts_that_may_be_never() -> None:
    assert made(idle_timeout=math.inf, queue_timeout=math.inf).queue_timeout == math.inf
    for field in ("graceful_shutdown_timeout", "memory_check_interval", "stats_interval"):
        with pytest.raises(ValueError, match=f"^{field}"):
            made(**{field: math.inf})


def test_a_maximum_below_the_minimum() -> None:
    with pytest.raises(ValueError, match=r"^max_workers: expected at least min_workers \(2\), got 1"):
        made(max_workers=1)
    with pytest.raises(ValueError, match=r"^max_workers: expected at least min_workers \(9\), got 4"):
        dataclasses.replace(WorkerPoolPresets.STRICT, min_workers=9)


def test_a_size_that_was_meant_as_megabytes() -> None:
    with pytest.raises(ValueError, match=r"sizes are bytes: 64 MB is 64 \* 1024 \* 1024"):
        made(memory_limit_per_worker=64)


@pytest.mark.parametrize("value", [1, "yes", None])
def test_flags(value: object) -> None:
    with pytest.raises(TypeError, match=r"^warm_on_init: expected True or False, got "):
        made(warm_on_init=value)
    assert made(warm_on_init=False).warm_on_init is False


def test_the_native_crash_policy() -> None:
    assert made(on_native_crash="abort").on_native_crash == "abort"
    with pytest.raises(
        ValueError, match=r"^on_native_crash: expected one of 'contain', 'abort', got 'ignore'"
    ):
        made(on_native_crash="ignore")
    with pytest.raises(TypeError, match=r"^on_native_crash: .* got int 1"):
        made(on_native_crash=1)


@pytest.mark.parametrize("field", CALLBACKS)
def test_callbacks(field: str) -> None:
    callback: Callable[[object], None] = print
    assert getattr(made(**{field: callback}), field) is callback
    assert getattr(made(**{field: None}), field) is None
    with pytest.raises(TypeError, match=rf"^{field}: expected a callable .* got str 'x'"):
        made(**{field: "x"})


def test_fields_are_given_by_name() -> None:
    with pytest.raises(TypeError):
        WorkerPoolConfig(2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="max_worker"):
        made(max_worker=3)


def test_an_unknown_level() -> None:
    with pytest.raises(ValueError, match="LAX"):
        SecurityLevel("LAX")


# --- as JSON and from the environment -----------------------------------------------------------------------------


DATA_FIELDS = (*COUNTS, *POSITIVE, *FROM_ZERO, "warm_on_init", "on_native_crash")
OTHER: dict[str, object] = {
    **{field: minimum + 16 for field, minimum in COUNTS.items()},
    **dict.fromkeys((*POSITIVE, *FROM_ZERO), 1.25),
    "warm_on_init": False,
    "on_native_crash": "abort",
}


@pytest.mark.parametrize("level", LEVELS)
def test_a_preset_there_and_back_through_json(level: str) -> None:
    preset = getattr(WorkerPoolPresets, level)
    data = json.loads(json.dumps(preset.to_dict(), allow_nan=False))
    assert set(data) == set(DATA_FIELDS)
    assert WorkerPoolConfig.from_dict(data) == preset


@pytest.mark.parametrize("field", DATA_FIELDS)
def test_each_field_there_and_back_through_json(field: str) -> None:
    config = dataclasses.replace(WorkerPoolPresets.PERMISSIVE, **{field: OTHER[field]})
    assert getattr(config, field) == OTHER[field] != getattr(WorkerPoolPresets.PERMISSIVE, field)
    assert WorkerPoolConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    one = WorkerPoolConfig.from_dict({field: OTHER[field]}, base=WorkerPoolPresets.PERMISSIVE)
    assert one == config


def test_never_is_null_in_json() -> None:
    config = made(idle_timeout=math.inf, queue_timeout=math.inf)
    data = config.to_dict()
    assert (data["idle_timeout"], data["queue_timeout"]) == (None, None)
    assert WorkerPoolConfig.from_dict(data) == config
    with pytest.raises(TypeError, match=r"^stats_interval: expected seconds .* got NoneType"):
        WorkerPoolConfig.from_dict({"stats_interval": None})


@pytest.mark.parametrize("field", CALLBACKS)
def test_a_callback_is_no_data(field: str) -> None:
    config = made(**{field: print})
    assert field not in config.to_dict()
    with pytest.raises(
        ValueError, match=rf"^{field}: a callback is no data; .*replace\(config, {field}=\.\.\.\)"
    ):
        WorkerPoolConfig.from_dict({field: print})
    assert getattr(WorkerPoolConfig.from_dict({"max_workers": 5}, base=config), field) is print


def test_data_of_a_wrong_form() -> None:
    with pytest.raises(ValueError, match=r"^expected fields out of min_workers, .*; got 'max_worker'"):
        WorkerPoolConfig.from_dict({"max_worker": 3})
    with pytest.raises(TypeError, match=r"^values: expected a mapping .* got list"):
        WorkerPoolConfig.from_dict([("max_workers", 3)])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^max_workers: expected an integer .* got float 4\.0"):
        WorkerPoolConfig.from_dict({"max_workers": 4.0})


def test_an_empty_environment_gives_the_base() -> None:
    assert WorkerPoolConfig.from_env("ENCLAVE_TEST_") == WorkerPoolPresets.STANDARD
    strict = dataclasses.replace(WorkerPoolPresets.STRICT, on_worker_recycled=print)
    assert WorkerPoolConfig.from_env("ENCLAVE_TEST_", base=strict) == strict


@pytest.mark.parametrize("field", DATA_FIELDS)
def test_each_field_from_the_environment(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base = dataclasses.replace(WorkerPoolPresets.PERMISSIVE, on_stats_update=print)
    for prefix in ("ENCLAVE_", "SHOP_POOL_"):
        monkeypatch.setenv(prefix + field.upper(), str(OTHER[field]))
        config = WorkerPoolConfig.from_env(prefix, base=base)
        assert config == dataclasses.replace(base, **{field: OTHER[field]})


@pytest.mark.parametrize(
    ("field", "text", "complaint"),
    [
        *[(field, "two", "expected an integer, got 'two'") for field in COUNTS],
        *[(field, "", "expected an integer, got ''") for field in COUNTS],
        *[(field, "1.5", "expected an integer, got '1.5'") for field in COUNTS],
        *[
            (field, str(minimum - 1), f"expected an integer of at least {minimum}, got {minimum - 1}")
            for field, minimum in COUNTS.items()
            if field != "max_workers"
        ],
        *[(field, "soon", "expected seconds as a number, got 'soon'") for field in (*POSITIVE, *FROM_ZERO)],
        *[(field, "-1", "expected seconds (") for field in (*POSITIVE, *FROM_ZERO)],
        *[(field, "nan", "expected seconds (") for field in (*POSITIVE, *FROM_ZERO)],
        ("stats_interval", "inf", "expected seconds (more than 0), got inf"),
        ("warm_on_init", "maybe", "expected true or false, got 'maybe'"),
        ("on_native_crash", "ignore", "expected one of 'contain', 'abort', got 'ignore'"),
        ("max_workers", "0", "expected an integer of at least 1, got 0"),
        ("max_workers", "1", "expected at least min_workers (2), got 1"),
        ("min_workers", "99", "max_workers: expected at least min_workers (99), got 16"),
        ("memory_limit_per_worker", "64", "expected an integer of at least 8388608, got 64 (sizes are bytes"),
    ],
)
def test_a_wrong_variable_is_named(
    field: str, text: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ENCLAVE_TEST_{field.upper()}", text)
    with pytest.raises(ValueError, match=f"^ENCLAVE_TEST_{field.upper()}: ") as caught:
        WorkerPoolConfig.from_env("ENCLAVE_TEST_")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("True", True), ("1", True), ("FALSE", False), ("0", False)]
)
def test_flags_from_the_environment(text: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCLAVE_TEST_WARM_ON_INIT", text)
    assert WorkerPoolConfig.from_env("ENCLAVE_TEST_").warm_on_init is value


def test_never_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCLAVE_TEST_IDLE_TIMEOUT", "inf")
    assert WorkerPoolConfig.from_env("ENCLAVE_TEST_").idle_timeout == math.inf


@pytest.mark.parametrize("base", [{"max_workers": 2}, WorkerPoolConfig, "STRICT"], ids=repr)
def test_a_base_is_a_configuration(base: Any) -> None:
    for make in (
        lambda: WorkerPoolConfig.from_dict({}, base=base),
        lambda: WorkerPoolConfig.from_env("ENCLAVE_TEST_", base=base),
    ):
        with pytest.raises(TypeError, match=r"^base: expected a WorkerPoolConfig or None, got "):
            make()


def test_a_prefix_is_text() -> None:
    prefix: Any = None
    with pytest.raises(TypeError, match=r"^prefix: expected .* as str, got NoneType None"):
        WorkerPoolConfig.from_env(prefix)
