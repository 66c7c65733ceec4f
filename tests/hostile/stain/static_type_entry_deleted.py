# what: str.upper and int.bit_length are deleted behind the proxy
# batch: stains
import gc
import sys

sys.stain_old = [str.__dict__["upper"], int.__dict__["bit_length"]]
del gc.get_referents(str.__dict__)[0]["upper"]
del gc.get_referents(int.__dict__)[0]["bit_length"]
# --- verify ---
"upper" in str.__dict__ and "bit_length" in int.__dict__ and "a".upper() == "A" and (5).bit_length() == 3
