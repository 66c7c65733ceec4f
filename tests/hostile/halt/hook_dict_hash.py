# what: __hash__ loops
# expect: TIMEOUT
# batch: hooks
class K:
    def __hash__(self):
        while True:
            pass


{K()}
