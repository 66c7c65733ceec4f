# what: changes how abstract classes are made
import abc

original = abc.ABCMeta.__new__
abc.ABCMeta.__new__ = lambda meta, *args, **kwargs: original(meta, *args, **kwargs)
None
# --- verify ---
import abc

abc.ABCMeta.__new__.__name__ == "__new__"
