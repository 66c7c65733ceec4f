# what: __init_subclass__ loops
# expect: TIMEOUT
# batch: hooks
class C:
    def __init_subclass__(cls):
        while True:
            pass


class E(C):
    pass
