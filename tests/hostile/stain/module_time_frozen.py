# what: the clock stands still
# batch: stains
import time

time.time = lambda: 0.0
time.monotonic = lambda: 0.0
# --- verify ---
import time

time.time() > 1e9 and time.monotonic() != 0.0
