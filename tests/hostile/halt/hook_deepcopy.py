# what: __deepcopy__ loops
# expect: TIMEOUT
import copy


class C:
    def __deepcopy__(self, memo):
        while True:
            pass


copy.deepcopy([C()])
