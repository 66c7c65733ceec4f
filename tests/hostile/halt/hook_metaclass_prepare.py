# what: the namespace of the class body loops on every store
# expect: TIMEOUT
# batch: hooks
class N(dict):
    def __setitem__(self, key, value):
        while True:
            pass


class M(type):
    @classmethod
    def __prepare__(mcls, name, bases):
        return N()


class C(metaclass=M):
    x = 1
