# what: each __del__ makes the next object, whose __del__ does the same
# expect: TIMEOUT
class D:
    def __del__(self):
        globals()["slot"] = D()


slot = D()
while True:
    slot = None
