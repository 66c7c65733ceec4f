# what: the value is a coroutine that would spin if awaited
# expect: TIMEOUT | RESULT_NOT_SERIALIZABLE
class A:
    def __await__(self):
        while True:
            yield


A()
