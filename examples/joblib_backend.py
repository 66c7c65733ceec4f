"""joblib.Parallel on an EnclaveExecutor: a backend that joblib's `parallel_config(backend="enclave")` takes."""

import math
import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from joblib import Parallel, delayed, parallel_config, register_parallel_backend
from joblib.parallel import AutoBatchingMixin, ParallelBackendBase

from enclave_subinterp import EnclaveExecutor


class EnclaveBackend(AutoBatchingMixin, ParallelBackendBase):
    """Batches of calls are pickled to the executor's workers; an error ends the others that wait."""

    supports_retrieve_callback = True
    default_n_jobs = -1

    def effective_n_jobs(self, n_jobs: int | None) -> int:
        if n_jobs == 0:
            raise ValueError("n_jobs == 0 in Parallel has no meaning")
        if n_jobs is None:
            return 1
        return n_jobs if n_jobs > 0 else max(1, (os.cpu_count() or 1) + 1 + n_jobs)

    def configure(self, n_jobs: int = 1, parallel: Any = None, **_unknown: Any) -> int:
        self.parallel = parallel
        workers = self.effective_n_jobs(n_jobs)
        self._executor = EnclaveExecutor(workers)
        return workers

    def submit(self, func: Callable[[], Any], callback: Callable[[Any], Any] | None = None) -> Future[Any]:
        future = self._executor.submit(func)
        if callback is not None:
            future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, out: Future[Any]) -> Any:
        return out.result()

    def terminate(self) -> None:
        self._executor.shutdown()
        self.reset_batch_stats()

    def abort_everything(self, ensure_ready: bool = True) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        if ensure_ready:
            self.configure(n_jobs=self.parallel.n_jobs, parallel=self.parallel)


def root(number: int) -> float:
    return math.sqrt(number)


def main() -> None:
    register_parallel_backend("enclave", EnclaveBackend)
    with parallel_config(backend="enclave", n_jobs=2):
        print(Parallel()(delayed(root)(number * number) for number in range(10)))
        try:
            Parallel()(delayed(root)(number) for number in (4, 1, -1))
        except ValueError as error:
            print("failed with", error)
        print(sum(Parallel(return_as="generator")(delayed(root)(number * number) for number in range(100))))


if __name__ == "__main__":
    main()
