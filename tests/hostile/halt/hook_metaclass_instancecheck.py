# what: __instancecheck__ loops
# expect: TIMEOUT
# batch: hooks
class M(type):
    def __instancecheck__(cls, x):
        while True:
            pass


class C(metaclass=M):
    pass


isinstance(1, C)
