# what: os.environ has an entry more and lacks one
# batch: stains
import os

os.environ["STAIN"] = "1"
os.environ.pop("PATH", None)
# --- verify ---
import os

"STAIN" not in os.environ
