# what: a shielded future that nobody completes
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def main():
    await asyncio.shield(asyncio.get_running_loop().create_future())


asyncio.run(main())
