# what: __iter__ loops inside tuple()
# expect: TIMEOUT
# batch: hooks
class I:
    def __iter__(self):
        while True:
            pass


tuple(I())
