# what: the old sequence protocol without an end
# expect: TIMEOUT
class S:
    def __getitem__(self, i):
        return i


max(S())
