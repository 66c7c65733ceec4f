# what: a string of the library is changed in place through ctypes
# batch: stains
import string

try:
    import ctypes
except ImportError:
    string.ascii_lowercase = "stained"
else:
    text = string.ascii_lowercase
    ctypes.memset(id(text) + "".__sizeof__() - 1, ord("!"), 1)
# --- verify ---
import string

string.ascii_lowercase[0] == chr(97)
