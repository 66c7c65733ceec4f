"""The limits of output that a caller sets, in place of the security level's."""

from __future__ import annotations

import pytest

from enclave_subinterp import Enclave, ErrorCode


@pytest.mark.parametrize(
    ("limits", "kept"),
    [({"max_output_bytes": 10}, "0\n1\n2\n3\n4\n"), ({"max_output_calls": 3}, "0\n1\n2\n")],
)
def test_of_output(adapter: str, limits: dict[str, int], kept: str) -> None:
    with Enclave(adapter=adapter, **limits) as enclave:
        within = enclave.run("import sys\nfor i in range(3): sys.stdout.write(f'{i}\\n')")
        beyond = enclave.run("import sys\nfor i in range(1000): sys.stdout.write(f'{i}\\n')")
    assert (within.error, within.stdout) == (None, "0\n1\n2\n")
    assert beyond.error is not None
    assert beyond.error.code is ErrorCode.OUTPUT_LIMIT
    assert beyond.stdout == kept


@pytest.mark.parametrize("name", ["max_output_bytes", "max_output_calls"])
@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "1"])
def test_wrong_ones(name: str, wrong: object) -> None:
    with pytest.raises((TypeError, ValueError), match=name):
        Enclave(**{name: wrong})
