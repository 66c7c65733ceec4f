# what: many small objects stay in the allocator's pools
# batch: stains
import sys

sys.stain_kept = [bytes(n % 500) + b"stain" for n in range(200000)]
# --- verify ---
import sys

not hasattr(sys, "stain_kept")
