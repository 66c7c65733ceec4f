# what: sorted and range are gone
# batch: stains
import builtins

del builtins.sorted, builtins.range
# --- verify ---
sorted(range(3), reverse=True) == [2, 1, 0]
