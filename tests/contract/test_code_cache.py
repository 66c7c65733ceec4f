"""A script's code is compiled once for all workers of an enclave; nobody is to notice but by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from enclave_subinterp import Enclave, ErrorCode, WorkerPoolPresets
from enclave_subinterp._adapters.subinterpreter import SubinterpreterAdapter

POOL = replace(WorkerPoolPresets.STANDARD, min_workers=1, max_workers=1)


@pytest.fixture
def enclave() -> Iterator[Enclave]:
    with Enclave(worker_pool_config=POOL) as made:
        yield made


def figures(enclave: Enclave) -> tuple[int, int, int]:
    """Entries, their bytes, and how often one was found."""
    adapter = enclave._adapter
    assert isinstance(adapter, SubinterpreterAdapter)
    return adapter._codes.figures()


def entries(enclave: Enclave) -> int:
    return figures(enclave)[0]


def test_code_is_compiled_once(enclave: Enclave) -> None:
    code = "def f(n):\n    return n * 2\n[f(x) for x in range(given)]"
    for given in range(5):
        assert enclave.run(code, globals={"given": given}).value == [2 * n for n in range(given)]
        assert (entries(enclave), figures(enclave)[2]) == (1, given)
    assert enclave.run(code + " ", globals={"given": 1}).value == [0]
    assert entries(enclave) == 2


def test_workers_share_it() -> None:
    config = replace(POOL, max_executions_per_worker=1)
    with Enclave(worker_pool_config=config) as enclave:
        for _ in range(4):
            assert enclave.run("6 * 7").value == 42
        assert (entries(enclave), figures(enclave)[2]) == (1, 3)


def test_what_the_compiler_warns_about_is_said_each_time(enclave: Enclave) -> None:
    code = "x = '\\d'\nprint(x is 1)\nlen(x)"
    first = enclave.run(code)
    assert "SyntaxWarning" in first.stderr
    for _ in range(3):
        again = enclave.run(code)
        assert (again.value, again.stdout, again.stderr) == (2, "False\n", first.stderr)
    assert entries(enclave) == 0


@pytest.mark.parametrize("code", ["x = = 1", "().__class__.__subclasses__()"])
def test_what_is_refused_is_refused_each_time(enclave: Enclave, code: str) -> None:
    errors = [enclave.run(code).error for _ in range(3)]
    assert errors[0] is not None
    assert errors == [errors[0]] * 3
    assert entries(enclave) == 0


def test_errors_point_to_the_same_lines(enclave: Enclave) -> None:
    code = "def f():\n    raise ValueError('x')\n\nf()"
    first, second = enclave.run(code).error, enclave.run(code).error
    assert first is not None
    assert first.stack is not None
    assert first == second
    assert "line 2" in first.stack
    assert entries(enclave) == 1


def test_loops_count_in_cached_code_too() -> None:
    with Enclave(worker_pool_config=POOL, max_iterations=100) as enclave:
        for _ in range(3):
            error = enclave.run("for n in range(10 ** 6):\n    pass").error
            assert error is not None
            assert error.code is ErrorCode.MAX_ITERATIONS
            assert enclave.run("for n in range(50):\n    pass\nn").value == 49


def test_awaiting_scripts(enclave: Enclave) -> None:
    code = "import asyncio\nawait asyncio.sleep(0)\n'over'"
    assert [enclave.run(code).value for _ in range(3)] == ["over"] * 3
    assert entries(enclave) == 1


def test_constants_are_not_shared_with_a_run_before(enclave: Enclave) -> None:
    code = "def f(x=[]):\n    x.append(1)\n    return len(x)\nf.__defaults__[0].append(0) if False else None\nf()"
    assert [enclave.run(code).value for _ in range(4)] == [1] * 4


def test_kept_state_has_its_own() -> None:
    """GIVEN workers that keep what runs leave THEN what they compile then is for themselves alone."""
    with Enclave(worker_pool_config=POOL, pristine=False) as enclave:
        assert enclave.run("x = 1").success
        assert entries(enclave) == 1
        for n in range(2, 100):
            assert enclave.run("x += 1\nx").value == n
            assert enclave.run(f"x + {n}").value == 2 * n
        assert entries(enclave) == 1


def test_sessions(enclave: Enclave) -> None:
    with enclave.session() as session:
        values = [session.run(code).value for code in ("x = 1\nx", "x += 1\nx", "x += 1\nx", "x")]
        assert values == [1, 2, 3, 3]
        checkpoint = session.checkpoint()
        session.run("x += 1\nx")
        session.restore(checkpoint)
        assert session.run("x += 1\nx").value == 4


def test_it_is_bounded(enclave: Enclave) -> None:
    large: Any = "x = '" + "y" * 90_000 + "'\n"
    for n in range(40):
        assert enclave.run(f"{large}{n}").value == n
    count, held, _ = figures(enclave)
    assert 0 < count < 40
    assert held <= 2 << 20
    assert enclave.run(f"{large}0").value == 0
    huge = "x = '" + "y" * 300_000 + "'\nlen(x)"
    assert enclave.run(huge).value == 300_000 or enclave.run(huge).error is not None
    assert enclave.run(f"{large}39").value == 39
