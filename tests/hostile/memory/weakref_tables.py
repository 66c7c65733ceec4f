# what: weak dictionaries with living values
# expect: MEMORY_LIMIT_EXCEEDED
import weakref


class C:
    pass


kept = []
d = weakref.WeakValueDictionary()
while True:
    c = C()
    c.data = bytes(1000)
    kept.append(c)
    d[len(kept)] = c
