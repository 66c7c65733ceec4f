# what: plants a module for the next run
import sys
import types

sys.modules["statistics"] = types.ModuleType("statistics")
None
# --- verify ---
import statistics

hasattr(statistics, "mean")
