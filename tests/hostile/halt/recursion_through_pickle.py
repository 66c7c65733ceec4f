# what: __reduce__ pickles its own object, caught and repeated
# expect: TIMEOUT
import pickle


class P:
    def __reduce__(self):
        pickle.dumps(self)


while True:
    try:
        pickle.dumps(P())
    except RecursionError:
        pass
