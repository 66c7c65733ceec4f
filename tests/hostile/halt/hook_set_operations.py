# what: the intersection of two sets meets a looping __eq__
# expect: TIMEOUT
# batch: hooks
class K:
    def __hash__(self):
        return 5

    def __eq__(self, other):
        while True:
            pass


{K()} & {K()}
