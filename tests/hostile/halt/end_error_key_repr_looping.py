# what: a KeyError whose key has a looping repr
# expect: TIMEOUT | EXECUTION_ERROR
class K:
    def __repr__(self):
        while True:
            pass


{}[K()]
