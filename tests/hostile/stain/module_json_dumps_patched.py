# what: json.dumps lies
import json

json.dumps = lambda *a, **k: "stained"
# --- verify ---
import json

json.dumps([1]) == "[1]"
