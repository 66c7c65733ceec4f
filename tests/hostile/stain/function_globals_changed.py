# what: a function's module is changed through __globals__
# batch: stains
import json

json.dumps.__globals__["_default_encoder"] = None
# --- verify ---
import json

json.dumps(1) == "1"
