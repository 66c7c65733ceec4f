# what: __iter__ loops inside tuple()
# expect: TIMEOUT
class I:
    def __iter__(self):
        while True:
            pass


tuple(I())
