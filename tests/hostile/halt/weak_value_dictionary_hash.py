# what: the key of a WeakValueDictionary loops in the removal callback
# expect: TIMEOUT
import weakref


class K:
    armed = False

    def __hash__(self):
        while K.armed:
            pass
        return 1


class V:
    pass


v = V()
d = weakref.WeakValueDictionary({K(): v})
K.armed = True
del v
