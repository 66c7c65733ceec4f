# what: a descriptor's __get__ loops
# expect: TIMEOUT
# batch: hooks
class D:
    def __get__(self, obj, owner):
        while True:
            pass


class C:
    x = D()


C.x
