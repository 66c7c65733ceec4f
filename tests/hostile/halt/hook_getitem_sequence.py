# what: the old sequence protocol without an end
# expect: TIMEOUT
# batch: hooks
class S:
    def __getitem__(self, i):
        return i


max(S())
