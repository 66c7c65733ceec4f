# what: a submodule is reloaded, so that its classes exist twice
# batch: stains
import importlib
import json.decoder

importlib.reload(json.decoder)
None
# --- verify ---
import json
import json.decoder

json.JSONDecodeError is json.decoder.JSONDecodeError
