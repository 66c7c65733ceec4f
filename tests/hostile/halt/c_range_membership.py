# what: an int subclass sought in a huge range, item by item
# expect: TIMEOUT
# batch: iterators
class I(int):
    def __eq__(self, other):
        return False

    __hash__ = int.__hash__


I(5) in range(10**15)
