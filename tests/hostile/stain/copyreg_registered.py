# what: how complex numbers are pickled and copied is changed
# batch: stains
import copy
import copyreg


def reduce(c):
    return str, ("stained",)


copyreg.pickle(complex, reduce)
copy._deepcopy_dispatch[list] = lambda x, memo: "stained"
# --- verify ---
import copy
import pickle

pickle.loads(pickle.dumps(1j)) == 1j and copy.deepcopy([1]) == [1]
