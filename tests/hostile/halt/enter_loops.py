# what: __enter__ never returns
# expect: TIMEOUT
class Door:
    def __enter__(self):
        while True:
            pass

    def __exit__(self, *a):
        return True


with Door():
    pass
