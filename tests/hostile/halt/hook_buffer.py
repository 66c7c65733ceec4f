# what: __buffer__ loops inside bytes()
# expect: TIMEOUT
# batch: hooks
class B:
    def __buffer__(self, flags):
        while True:
            pass


memoryview(B())
