# what: most of the memory limit is kept in a list
# batch: stains
import sys

sys.stain_kept = [bytearray(1 << 20) for _ in range(150)]
# --- verify ---
import sys

mine = [bytearray(1 << 20) for _ in range(150)]
not hasattr(sys, "stain_kept") and len(mine) == 150
