# what: small helpers of sys
import sys

a = sys.intern("some words")
(a is sys.intern("some " + "words"), sys.getrefcount(a) > 0, sys.hash_info.width, "math" in sys.builtin_module_names or True)
