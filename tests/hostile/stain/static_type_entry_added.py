# what: an entry is put into str's dictionary behind its proxy, and read until it is cached
# batch: stains
import gc
import sys

gc.get_referents(str.__dict__)[0]["stain_entry"] = "stained"


def read(x):
    return x.stain_entry


names = [sys.intern(f"stain{i:06d}") for i in range(60000)]  # as long as the name, so as to fall where it fell
for name in names:  # whatever the type cache knew of str is pushed out
    hasattr("", name)
for _ in range(2000):
    read("")
# --- verify ---
def read(x):
    return x.stain_entry


try:
    read("")
except AttributeError:
    clean = "stain_entry" not in str.__dict__
else:
    clean = False
clean
