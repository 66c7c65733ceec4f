"""CPU-bound work beside an event loop that goes on turning."""

import asyncio
import hashlib
from concurrent.futures import ProcessPoolExecutor


def digest(text: str, rounds: int) -> str:
    data = text.encode()
    for _ in range(rounds):
        data = hashlib.sha256(data).digest()
    return data.hex()


async def tick(stop: asyncio.Event) -> int:
    ticks = 0
    while not stop.is_set():
        ticks += 1
        await asyncio.sleep(0.005)
    return ticks


async def main() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    ticking = asyncio.create_task(tick(stop))
    with ProcessPoolExecutor(max_workers=2) as executor:
        calls = [
            loop.run_in_executor(executor, digest, name, 60_000) for name in ("apple", "pear", "plum", "fig")
        ]
        for result in await asyncio.gather(*calls):
            print(result)
    stop.set()
    print("the loop went on:", await ticking > 1)


if __name__ == "__main__":
    asyncio.run(main())
