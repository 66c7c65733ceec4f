# what: __contains__ loops
# expect: TIMEOUT
# batch: hooks
class C:
    def __contains__(self, x):
        while True:
            pass


1 in C()
