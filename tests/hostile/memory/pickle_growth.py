# what: pickles of pickles, kept
# expect: MEMORY_LIMIT_EXCEEDED
import pickle

kept = [b"x" * 1000]
while True:
    kept.append(pickle.dumps(kept))
