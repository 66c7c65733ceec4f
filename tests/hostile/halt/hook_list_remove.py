# what: list.remove meets a looping __eq__
# expect: TIMEOUT
# batch: hooks
class K:
    def __eq__(self, other):
        while True:
            pass


[K()].remove(1)
