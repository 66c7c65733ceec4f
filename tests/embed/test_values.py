"""Values as JSON: what is written is read back the same, by Python and through a C program."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import subprocess
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enclave_subinterp.json_values import from_text, to_text

from .conftest import HERE, Compile

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
KEYS = st.none() | st.integers() | TEXT | st.binary()
ANY = st.recursive(
    PLAIN
    | st.binary()
    | st.floats(allow_nan=False)
    | st.integers(1 << 2047, 1 << 2100)
    | st.decimals(allow_nan=False)
    | st.uuids()
    | st.datetimes(timezones=st.none() | st.just(datetime.UTC))
    | st.timedeltas()
    | st.frozensets(KEYS, max_size=3),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
CHOSEN = [
    '\0\x01\x1f \x7f\x80"\\/\b\f\n\r\t\U0001f600é',
    {"": 0, "$": 1},
    {"$int": 1},
    {"a": {"$b": [1]}},
    [0.0, -0.0, 1e16, 1e22, 5e-324, 1.7976931348623157e308, 0.1, 1.0, math.inf, -math.inf],
    [2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 1 << 2047, 1 << 2048, -(1 << 5000)],
    (1, (2,), [3], {4}, frozenset({5})),
    [decimal.Decimal("1.50"), uuid.UUID(int=7), b"\0\xff", datetime.time(1, 2, 3)],
    {True: 1, None: 2, (1, 2): 3},
    [[[[[[[[]]]]]]], {}, ()],
    ["x" * 3000, "é" * 3000, ["y"] * 600],
]


@given(ANY)
def test_python_reads_what_it_writes(value: object) -> None:
    text = to_text(value)
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert b"\0" not in text
    assert b"\n" not in text
    assert repr(from_text(text.decode())) == repr(value) or from_text(text.decode()) == value


@pytest.mark.parametrize(
    "text", ["NaN", '{"$nonsense": 1}', '{"$int": []}', '{"$set": [[]]}', '{"$bytes": "é"}', "[" * 99999]
)
def test_what_is_no_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_text(text)


def test_a_program_gets_what_it_gave(compiled: Compile) -> None:
    """GIVEN values of all kinds WHEN they go into a script and come back THEN the text is what Python writes."""
    values: list[object] = [*CHOSEN]

    @given(ANY)
    def collect(value: object) -> None:
        values.append(value)

    collect()
    lines = [b'{"x":%s}\n' % to_text(value) for value in values]
    done = subprocess.run(
        [str(compiled(HERE / "echo.c"))], input=b"".join(lines), capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    printed = done.stdout.decode().split("\n")[:-1]
    assert len(printed) == len(values)
    for value, line in zip(values, printed, strict=True):
        if "set(" in repr(value):  # which come in any order
            assert from_text(line) == value
        else:
            assert line.encode() == to_text(value)
