# what: __repr__ that asks for its own repr, caught and repeated
# expect: TIMEOUT
class R:
    def __repr__(self):
        return repr(self)


while True:
    try:
        repr(R())
    except RecursionError:
        pass
