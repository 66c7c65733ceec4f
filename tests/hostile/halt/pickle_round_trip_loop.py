# what: pickled and unpickled for ever in C
# expect: TIMEOUT
# batch: computing
import pickle

data = [(i, str(i), {"k": i}) for i in range(20000)]
while True:
    pickle.loads(pickle.dumps(data))
