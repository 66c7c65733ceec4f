# what: a str subclass as a key with a looping __eq__, found by attribute lookup
# expect: TIMEOUT
# batch: hooks
class S(str):
    armed = False

    def __hash__(self):
        return hash("name")

    def __eq__(self, other):
        while S.armed:
            pass
        return False


class C:
    pass


c = C()
c.__dict__[S("other")] = 1
S.armed = True
c.name
