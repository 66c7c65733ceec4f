# what: list.remove meets a looping __eq__
# expect: TIMEOUT
class K:
    def __eq__(self, other):
        while True:
            pass


[K()].remove(1)
