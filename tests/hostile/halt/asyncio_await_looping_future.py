# what: __await__ yields None for ever
# expect: TIMEOUT
# timeout: 0.4
import asyncio


class F:
    def __await__(self):
        while True:
            try:
                yield
            except BaseException:
                pass


async def main():
    await F()


asyncio.run(main())
