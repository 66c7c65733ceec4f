# what: a module answers for names it does not have
# batch: stains
import json

json.__getattr__ = lambda name: name
# --- verify ---
import json

not hasattr(json, "no_such_name")
