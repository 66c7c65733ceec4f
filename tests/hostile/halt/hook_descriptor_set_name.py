# what: __set_name__ loops while the class is made
# expect: TIMEOUT
# batch: hooks
class D:
    def __set_name__(self, owner, name):
        while True:
            pass


class C:
    x = D()
