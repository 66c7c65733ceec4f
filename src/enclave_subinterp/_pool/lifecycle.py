"""What happens to living pools at the exit of the process and in the child of a fork.

At exit in two steps.  Non-daemon threads are joined before `atexit` runs, so the drivers must be ended earlier, in the
hook that `concurrent.futures` uses for its own threads (`threading._register_atexit`, in every CPython since 3.9);
threads of the embedding program may go on using `run` until they are joined.  `atexit` then closes the pools.

Lock order: the registry's lock is never held together with a pool's.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING

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

    def living(self) -> list[Pool]:
        with self.lock:
            return list(self.pools)


_registry = _Registry()


def register(pool: Pool) -> None:
    """Have the pool ended at exit and told of a fork; it is forgotten when it is collected."""
    with _registry.lock:
        _registry.pools.add(pool)
        if not _registry.installed:
            _registry.installed = True
            _install()


def _end_drivers() -> None:
    begun = time.monotonic()
    for pool in _registry.living():
        if not pool.in_child:
            closing.end_drivers(pool, begun + pool.grace)


def _close_pools() -> None:
    begun = time.monotonic()
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
        with contextlib.suppress(
            RuntimeError
        ):  # the interpreter is shutting down: no driver will start any more
            early(_end_drivers)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork_in_child)
