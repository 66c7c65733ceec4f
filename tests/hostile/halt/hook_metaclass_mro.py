# what: mro() loops while the type is made
# expect: TIMEOUT
# batch: hooks
class M(type):
    def mro(cls):
        while True:
            pass


class C(metaclass=M):
    pass
