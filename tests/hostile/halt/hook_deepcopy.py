# what: __deepcopy__ loops
# expect: TIMEOUT
# batch: hooks
import copy


class C:
    def __deepcopy__(self, memo):
        while True:
            pass


copy.deepcopy([C()])
