# what: the value says in a loop what class it is
# expect: TIMEOUT | RESULT_NOT_SERIALIZABLE
class C:
    @property
    def __class__(self):
        while True:
            pass

    def __getattribute__(self, name):
        while True:
            pass


C()
