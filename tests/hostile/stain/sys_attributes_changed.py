# what: plain attributes of sys are changed and added
# batch: stains
import sys

sys.stained = True
sys.version = "stained"
sys.argv = ["stained"]
sys.flags = None
sys.tracebacklimit = 0
sys.implementation.name = "stained"
# --- verify ---
import sys

(
    not hasattr(sys, "stained")
    and not hasattr(sys, "tracebacklimit")
    and sys.version[0] == "3"
    and sys.flags is not None
    and sys.implementation.name == "cpython"
    and getattr(sys, "argv", []) != ["stained"]
)
