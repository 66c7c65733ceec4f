# what: a string stays in the table of interned strings
# batch: stains
import sys

sys.intern_kept = sys.intern("".join(["stain", "_interned"]))
# --- verify ---
import sys

text = "".join(["stain", "_interned"])
clean = sys.intern(text) is text
del text
clean
