# what: __round__ loops
# expect: TIMEOUT
# batch: hooks
class R:
    def __round__(self, n=None):
        while True:
            pass


round(R())
