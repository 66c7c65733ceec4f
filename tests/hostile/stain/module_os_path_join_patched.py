# what: os.path.join lies
# batch: stains
import os

os.path.join = lambda *a: "stained"
# --- verify ---
import os

os.path.join("a", "b") == "a/b"
