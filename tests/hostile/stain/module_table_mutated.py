# what: a dict that a module keeps for itself is changed
# batch: stains
import json.encoder

json.encoder.ESCAPE_DCT["a"] = "stained"
# --- verify ---
import json.encoder

"a" not in json.encoder.ESCAPE_DCT
