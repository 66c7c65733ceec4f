# what: a cache that forgets the oldest
# strict: yes
from collections import OrderedDict


class Cache:
    def __init__(self, size):
        self.size, self.data = size, OrderedDict()

    def get(self, key):
        if key in self.data:
            self.data.move_to_end(key)
            return self.data[key]
        return -1

    def put(self, key, value):
        self.data[key] = value
        self.data.move_to_end(key)
        if len(self.data) > self.size:
            self.data.popitem(last=False)


c = Cache(2)
c.put(1, "a"), c.put(2, "b"), c.get(1), c.put(3, "c")
[c.get(1), c.get(2), c.get(3), list(c.data)]
