# what: attributes are put on __main__ from without
# batch: stains
import sys

sys.modules["__main__"].stain_attribute = 1
sys.modules["__main__"].__dict__["int"] = str
# --- verify ---
"stain_attribute" not in globals() and int("5") == 5
