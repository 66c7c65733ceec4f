# what: __exit__ never returns
# expect: TIMEOUT
class Stay:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        while True:
            pass


with Stay():
    raise KeyboardInterrupt
