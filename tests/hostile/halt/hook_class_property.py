# what: isinstance asks for __class__, which loops
# expect: TIMEOUT
# batch: hooks
class C:
    @property
    def __class__(self):
        while True:
            pass


isinstance(C(), int)
