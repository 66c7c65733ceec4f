# what: __missing__ loops
# expect: TIMEOUT
# batch: hooks
class D(dict):
    def __missing__(self, key):
        while True:
            pass


D()["x"]
