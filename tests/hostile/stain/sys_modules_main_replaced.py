# what: __main__ is another module
# batch: stains
import sys
import types

sys.modules["__main__"] = types.ModuleType("stain_main")
# --- verify ---
import sys

sys.modules["__main__"].__name__ == "__main__"
