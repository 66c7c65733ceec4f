"""What happens to living pools at the exit of the process and in the child of a fork.

At exit in two steps.  Non-daemon threads are joined before `atexit` runs, so the drivers must be ended earlier, in the
hook that `concurrent.futures` uses for its own threads (`threading._register_atexit`, in every CPython since 3.9);
threads of the embedding program may go on using `run` until they are joined.  `atexit` then closes the pools.  After
that, or when the first pool comes only then, nothing would end its workers before the runtime does, which crashes.

Lock order: the registry's lock is never held together with a pool's.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING

from ..errors import EnclaveUsageError
from . import closing

if TYPE_CHECKING:
    from .pool import Pool

__all__ = ["register"]


class _Registry:
    """The living pools, and whether the hooks are in place."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pools: weakref.WeakSet[Pool] = weakref.WeakSet()
        self.installed = False
        self.over = False  # the process is exiting, and its pools have been closed

    def living(self) -> list[Pool]:
        with self.lock:
            return list(self.pools)


_registry = _Registry()


def register(pool: Pool) -> None:
    """Have the pool ended at exit and told of a fork; it is forgotten when it is collected.

    Raises:
        EnclaveUsageError: it would not be ended any more, because the process is exiting.
    """
    with _registry.lock:
        if not _registry.installed:
            _registry.installed = True
            _install()
        if _registry.over:
            raise EnclaveUsageError(
                "an Enclave cannot be made any more: the process is exiting and has closed its enclaves; make it before"
                " registering the atexit function that uses it"
            )
        _registry.pools.add(pool)


def _end_drivers() -> None:
    begun = time.monotonic()
    for pool in _registry.living():
        if not pool.in_child:
            closing.end_drivers(pool, begun + pool.grace)


def _close_pools() -> None:
    begun = time.monotonic()
    with _registry.lock:
        _registry.over = True
    for pool in _registry.living():
        if not pool.in_child:
            closing.close(pool, begun + pool.grace)


def _after_fork_in_child() -> None:
    _registry.lock = threading.Lock()  # another thread may have held it
    for pool in list(_registry.pools):
        pool.forked()


def _install() -> None:
    # With the first pool, which comes after the core was loaded: `atexit` runs backwards, so pools go before the core's
    # own end.
    atexit.register(_close_pools)
    early = getattr(threading, "_register_atexit", None)
    if early is not None:
        try:
            early(_end_drivers)
        except (
            RuntimeError
        ):  # the threads have been joined: `atexit` has begun, and calls nothing that comes now
            _registry.over = True
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork_in_child)
