# what: a local held by the traceback has a looping __del__
# expect: EXECUTION_ERROR | TIMEOUT
class D:
    def __del__(self):
        while True:
            pass


def f():
    x = D()
    raise ValueError("local held")


f()
