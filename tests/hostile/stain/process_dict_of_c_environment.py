# what: the environment of the C library has an entry more
# layer: process
import os

os.putenv("STAIN_OF_ENVIRONMENT", "1")
os.stained = True
# --- verify ---
import os

if hasattr(os, "reload_environ"):
    os.reload_environ()
    clean = "STAIN_OF_ENVIRONMENT" not in os.environ
else:
    clean = not hasattr(os, "stained")
clean
