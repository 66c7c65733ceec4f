"""What every test shares: a header that tells what is being tested."""

import platform
from pathlib import Path

import pytest

# Helpers that assert: their failures show both sides, as a test's do.
pytest.register_assert_rewrite("tests.unit.codec", "tests.unit.pool_bench")


def pytest_report_header() -> str:
    try:
        import enclave_subinterp
    except ImportError as error:
        return f"enclave_subinterp: not importable ({error})"
    where = Path(enclave_subinterp.__file__).parent
    return f"enclave_subinterp: {where}, {platform.platform()}"
