# what: a local's __del__ loops as the frame goes
# expect: TIMEOUT
class D:
    def __del__(self):
        while True:
            pass


def f():
    x = D()
    y = D()
    return 1


f()
