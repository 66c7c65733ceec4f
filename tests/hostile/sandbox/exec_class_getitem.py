# what: calls with a subscript
class A:
    __class_getitem__ = open


A[CANARY_PATH].read()
