# what: json.dumps lies
# batch: stains
import json

json.dumps = lambda *a, **k: "stained"
# --- verify ---
import json

json.dumps([1]) == "[1]"
