# what: the switch interval is an hour
# batch: stains
import sys

sys.setswitchinterval(3600)
# --- verify ---
import sys

sys.getswitchinterval() < 1
