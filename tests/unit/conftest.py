"""Fixtures of the files that share one."""

import sys
from collections.abc import Iterator

import pytest

from enclave_subinterp import _native, _values
from tests.unit.codec import RAN
from tests.unit.pool_bench import Bench


@pytest.fixture
def hooks() -> Iterator[None]:
    """The hooks of _values, put back to what they were afterwards."""
    before = {name: getattr(_native, name, None) for name in ("_ext_encode", "_ext_decode")}
    _native.set_ext(_values.encode_table(sys.modules), _values.decode_table())
    yield
    _native.set_ext(*before.values())


@pytest.fixture
def ran() -> Iterator[list[str]]:
    """What gave itself away since the test began."""
    RAN.clear()
    yield RAN
    RAN.clear()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    for worker in bench.adapter.workers:
        worker.go_on.set()
    bench.pool.close(0.0)
    assert bench.upkeep == []
    alive = [worker.id for worker in bench.adapter.workers if not worker.closed.is_set()]
    assert alive == [], "workers that nobody ended"
