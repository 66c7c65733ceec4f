# what: warnings
import warnings


def old():
    warnings.warn("use new()", DeprecationWarning, stacklevel=2)
    return 1


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old()
[(str(w.message), w.category.__name__) for w in caught]
