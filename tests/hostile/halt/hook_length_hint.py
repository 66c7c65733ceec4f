# what: __length_hint__ loops inside list()
# expect: TIMEOUT
# batch: hooks
class L:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def __length_hint__(self):
        while True:
            pass


list(L())
