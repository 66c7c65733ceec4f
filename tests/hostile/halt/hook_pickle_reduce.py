# what: __reduce__ loops inside the C pickler
# expect: TIMEOUT
# batch: hooks
import pickle


class P:
    def __reduce__(self):
        while True:
            pass


pickle.dumps(P())
