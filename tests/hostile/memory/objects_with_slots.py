# what: many objects with slots
# expect: MEMORY_LIMIT_EXCEEDED
class S:
    __slots__ = ("a", "b", "c")


xs = []
while True:
    s = S()
    s.a = s.b = s.c = xs
    xs.append(s)
