# what: the value is a set whose members loop when hashed again
# expect: TIMEOUT | SUCCESS | RESULT_NOT_SERIALIZABLE
class K(str):
    armed = False

    def __hash__(self):
        while K.armed:
            pass
        return 1


s = {K("a"), K("b")}
K.armed = True
s
