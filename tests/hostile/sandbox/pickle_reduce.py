# what: pickles and unpickles an object that says how
import pickle


class A:
    def __reduce__(self):
        return eval, ("__import__('io').open(" + repr(CANARY_PATH) + ")",)


pickle.loads(pickle.dumps(A())).read()
