# what: __hash__ loops
# expect: TIMEOUT
class K:
    def __hash__(self):
        while True:
            pass


{K()}
