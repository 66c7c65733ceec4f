# what: modules that others rely on are removed and imported again
# batch: stains
import sys

for name in ("json", "json.decoder", "json.encoder", "re", "enum", "collections"):
    sys.modules.pop(name, None)
import json

json.stained = True
# --- verify ---
import json

not hasattr(json, "stained")
