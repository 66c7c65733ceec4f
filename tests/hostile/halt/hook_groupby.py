# what: groupby whose keys are all equal through a looping __eq__
# expect: TIMEOUT
# batch: hooks
import itertools


class K:
    def __eq__(self, other):
        while True:
            pass


for _ in itertools.groupby([1, 2], key=lambda x: K()):
    pass
