# what: many objects with dicts that no keys are shared of
# expect: MEMORY_LIMIT_EXCEEDED
class C:
    pass


xs = []
while True:
    c = C()
    setattr(c, f"a{len(xs)}", xs)
    xs.append(c)
