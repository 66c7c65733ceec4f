# what: __format__ loops inside an f-string
# expect: TIMEOUT
# batch: hooks
class F:
    def __format__(self, spec):
        while True:
            pass


f"{F():>10}"
