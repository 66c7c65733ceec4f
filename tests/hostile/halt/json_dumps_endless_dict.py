# what: json of a dict subclass whose items have no end
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
import json


class D(dict):
    def __bool__(self):
        return True

    def __len__(self):
        return 1

    def items(self):
        while True:
            yield "k", 1


json.dumps(D(a=1), indent=1)
