# what: copies an object that says what to call
import copy


class A:
    def __reduce__(self):
        return __import__("io").open, (CANARY_PATH,)


copy.copy(A()).read()
