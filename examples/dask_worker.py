"""A Dask worker with an executor of its own for some of the tasks: those annotated with `executor="enclave"`.

Dask sends what the program itself defines by value, which no pool of processes could load by name; functions of modules
go by name, so what the executor is to run is imported.
"""

import asyncio

import dask
from distributed import Client, Scheduler, Worker
from primes import primes_between

from enclave_subinterp import EnclaveExecutor


async def main() -> None:
    with EnclaveExecutor(2) as executor:
        async with (
            Scheduler(protocol="inproc", port=0, dashboard=False) as scheduler,
            Worker(scheduler.address, nthreads=2, executor={"enclave": executor}),
            Client(scheduler.address, asynchronous=True) as client,
        ):
            edges = range(2, 20_003, 5_000)
            with dask.annotate(executor="enclave"):
                parts = client.map(primes_between, edges[:-1], edges[1:])
            counts = client.map(len, parts)  # on the worker's own threads
            print(await client.gather(counts))

            with dask.annotate(executor="enclave"):
                failed = client.submit(divmod, 1, 0, pure=False)
            print("failed with", type(await failed.exception()).__name__)


if __name__ == "__main__":
    asyncio.run(main())
