# what: __del__ of a replaced dict value loops in the middle of the store
# expect: TIMEOUT
class D:
    def __del__(self):
        while True:
            pass


d = {"k": D()}
d["k"] = 1
