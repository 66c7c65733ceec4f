# what: puts another function in a module
import json

json.loads = lambda text: "stained"
None
# --- verify ---
import json

json.loads("1") == 1
