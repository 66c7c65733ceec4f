# what: an import is blocked by None in sys.modules
# batch: stains
import sys

sys.modules["json"] = None
sys.modules["colorsys"] = None
# --- verify ---
import colorsys
import json

json.dumps(1) == "1" and bool(colorsys.rgb_to_hsv(0, 0, 0))
