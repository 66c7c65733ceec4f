# what: registers how objects are copied
import copy
import copyreg


class A:
    pass


copyreg.pickle(A, lambda value: (open, (CANARY_PATH,)))
copy.copy(A()).read()
