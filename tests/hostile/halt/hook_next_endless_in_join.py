# what: str.join reads an iterator that never ends
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: hooks
class I:
    def __iter__(self):
        return self

    def __next__(self):
        return ""


"".join(I())
