"""`run()`: one script in an enclave of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from .config import WorkerPoolConfig
from .enclave import Enclave
from .presets import SecurityLevel
from .result import RunResult

__all__ = ["run"]


def run(
    code: str,
    *,
    timeout: float | None = None,
    globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
    security_level: SecurityLevel | str = SecurityLevel.STANDARD,
    worker_pool_config: WorkerPoolConfig | None = None,
    **options: Any,
) -> RunResult:
    """Run one script in a worker that is started for it and ended after it.

    For more than a few scripts keep an `Enclave`: starting a worker takes some ten milliseconds, a run in one that is
    there some ten microseconds.

    Args:
        code: the script's source.
        timeout: seconds of wall clock; None for the security level's.
        globals: names that the script finds.
        security_level: as for `Enclave`.
        worker_pool_config: as for `Enclave`; the pool has one worker whatever it says.
        options: the other arguments of `Enclave`.

    Raises:
        EnclaveError, TypeError, ValueError: as `Enclave` and `Enclave.run` raise them.
    """
    if worker_pool_config is None and security_level in SecurityLevel:
        worker_pool_config = SecurityLevel(security_level).pool_config
    if isinstance(worker_pool_config, WorkerPoolConfig):
        worker_pool_config = dataclasses.replace(worker_pool_config, min_workers=1, max_workers=1)
    with Enclave(security_level=security_level, worker_pool_config=worker_pool_config, **options) as enclave:
        return enclave.run(code, timeout=timeout, globals=globals)
