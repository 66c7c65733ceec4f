# what: __init_subclass__ loops
# expect: TIMEOUT
class C:
    def __init_subclass__(cls):
        while True:
            pass


class E(C):
    pass
