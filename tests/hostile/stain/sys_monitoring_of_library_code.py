# what: one library function's code is instrumented
# batch: stains
import json
import sys

m = sys.monitoring


def seen(code, offset):
    json.stained = True


m.use_tool_id(2, "stain")
m.register_callback(2, m.events.PY_START, seen)
m.set_local_events(2, json.dumps.__code__, m.events.PY_START)
json.dumps(1)
# --- verify ---
import json

json.dumps(1)
not hasattr(json, "stained")
