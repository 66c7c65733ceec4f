# what: a metaclass that calls its class in its call, caught and repeated
# expect: TIMEOUT
class M(type):
    def __call__(cls):
        return cls()


class C(metaclass=M):
    pass


while True:
    try:
        C()
    except RecursionError:
        pass
