"""Figures of enclaves for Prometheus; needs the extra `metrics`.

    from prometheus_client import start_http_server
    from enclave_subinterp.metrics import export

    start_http_server(9000)
    with Enclave() as enclave, export(enclave, name="shop"):
        ...

Nothing is counted twice: a scrape reads `Enclave.stats()`, and between scrapes nothing is done.  An enclave is held
weakly and is left out once it was collected.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, final

from ._closing import Closing
from .errors import EnclaveUsageError

try:
    from prometheus_client import REGISTRY, CollectorRegistry
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
    from prometheus_client.registry import Collector
except ImportError as error:
    raise ImportError(
        "enclave_subinterp.metrics needs prometheus_client: pip install 'enclave_subinterp[metrics]'"
    ) from error

if TYPE_CHECKING:
    from .enclave import EnclaveBase
    from .stats import PoolStats

__all__ = ["EnclaveCollector", "export"]

type _Figure = tuple[str, str, Callable[[PoolStats], float]]

_COUNTERS: Final[tuple[_Figure, ...]] = (
    ("timeouts", "Scripts that a time limit ended", lambda stats: stats.timeout_executions),
    ("memory_kills", "Scripts that the memory limit ended", lambda stats: stats.memory_kills),
    ("forced_terminations", "Scripts that were halted, for any reason", lambda stats: stats.forced_terminations),
    ("contained_crashes", "Native crashes that were contained", lambda stats: stats.contained_crashes),
    ("worker_recycles", "Workers' states thrown away outside the ordinary course", lambda stats: stats.worker_recycles),
    ("execution_seconds", "Seconds that scripts ran", lambda stats: stats.avg_execution_time * stats.total_executions),
)  # fmt: skip
_GAUGES: Final[tuple[_Figure, ...]] = (
    ("queue_depth", "Scripts that wait for a worker", lambda stats: stats.queue_depth),
    ("condemned_slots", "Workers that could not be ended", lambda stats: stats.condemned_slots),
    ("restart_advised", "Whether the process should be restarted when it suits", lambda stats: stats.restart_advised),
    ("worker_memory_mean_bytes", "Bytes that a worker holds, in the mean", lambda stats: stats.avg_worker_memory),
    ("worker_memory_max_bytes", "Bytes that the largest worker holds", lambda stats: stats.max_worker_memory),
)  # fmt: skip


@final
class EnclaveCollector(Collector):
    """A collector over any number of enclaves, by name (the label `enclave`); for a registry of one's own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._enclaves: dict[str, weakref.ref[EnclaveBase]] = {}

    def add(self, enclave: EnclaveBase, name: str = "default") -> None:
        """Tell of this enclave.

        Args:
            enclave: an `Enclave` or `AsyncEnclave`; it is held weakly.
            name: the value of the label `enclave`.

        Raises:
            ValueError: another living enclave has that name.
        """
        with self._lock:
            before = self._enclaves.get(name)
            if before is not None and before() not in {None, enclave}:
                raise ValueError(
                    f"name: expected one that no other enclave here has, got {name!r}; give each its own"
                )
            self._enclaves[name] = weakref.ref(enclave)

    def remove(self, name: str) -> None:
        """Tell of the enclave with this `name` no more; nothing happens if it is not there."""
        with self._lock:
            self._enclaves.pop(name, None)

    def describe(self) -> Iterator[Metric]:
        """Tell the names of the figures; a registry asks for them when it gets the collector."""
        return self._families([])

    def collect(self) -> Iterator[Metric]:
        """Read every enclave's figures now."""
        with self._lock:
            items = list(self._enclaves.items())
        found: list[tuple[str, PoolStats]] = []
        for name, reference in items:
            enclave = reference()
            if enclave is None:
                continue
            try:
                found.append((name, enclave.stats()))
            except EnclaveUsageError:  # an AsyncEnclave that was not entered yet, or the child of a fork
                continue
        return self._families(found)

    def _families(self, found: list[tuple[str, PoolStats]]) -> Iterator[Metric]:
        runs = CounterMetricFamily("enclave_executions", "Scripts that ended", labels=["enclave", "outcome"])
        workers = GaugeMetricFamily("enclave_workers", "Workers by state", labels=["enclave", "state"])
        for name, stats in found:
            runs.add_metric([name, "success"], stats.successful_executions)
            runs.add_metric([name, "failure"], stats.failed_executions)
            workers.add_metric([name, "active"], stats.active_workers)
            workers.add_metric([name, "idle"], stats.idle_workers)
        yield runs
        yield workers
        make: Any
        for make, figures in ((CounterMetricFamily, _COUNTERS), (GaugeMetricFamily, _GAUGES)):
            for key, text, read in figures:
                family = make(f"enclave_{key}", text, labels=["enclave"])
                for name, stats in found:
                    family.add_metric([name], read(stats))
                yield family


@final
class _Export(Closing):
    """What `export` has begun."""

    def __init__(self, name: str) -> None:
        self._name = name

    def close(self) -> None:
        """Tell of the enclave no more."""
        _default.remove(self._name)


_default: Final = EnclaveCollector()
_registered: list[CollectorRegistry] = []
_registering: Final = threading.Lock()


def export(enclave: EnclaveBase, name: str = "default") -> _Export:
    """Have the process's Prometheus registry tell of the enclave, until it is closed by ``close()`` or ``with``.

    Args:
        enclave: an `Enclave` or `AsyncEnclave`.
        name: the value of the label `enclave`.

    Raises:
        ValueError: another living enclave was exported under that name.
    """
    _default.add(enclave, name)
    with _registering:
        if not _registered:
            REGISTRY.register(_default)
            _registered.append(REGISTRY)
    return _Export(name)
