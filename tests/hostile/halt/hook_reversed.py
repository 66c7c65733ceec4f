# what: __reversed__ yields for ever
# expect: TIMEOUT
# batch: hooks
class R:
    def __reversed__(self):
        while True:
            yield 1


for _ in reversed(R()):
    pass
