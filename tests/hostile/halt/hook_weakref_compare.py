# what: weak references compare their objects, which loop
# expect: TIMEOUT
# batch: hooks
import weakref


class C:
    def __eq__(self, other):
        while True:
            pass

    __hash__ = None


a, b = C(), C()
weakref.ref(a) == weakref.ref(b)
