# what: async for over an iterator that never ends and never waits
# expect: TIMEOUT
class A:
    def __aiter__(self):
        return self

    async def __anext__(self):
        return 1


async for _ in A():
    pass
