# what: dict.get and list.count are replaced behind the proxy
# batch: stains
import gc
import sys

# the old entries stay alive: the type cache has borrowed references to them
sys.stain_old = [dict.get, list.count, dict.__dict__["get"], list.__dict__["count"]]
gc.get_referents(dict.__dict__)[0]["get"] = lambda *a: "stained"
gc.get_referents(list.__dict__)[0]["count"] = lambda *a: "stained"
# --- verify ---
[1, 1].count(1) == 2 and {}.get("x") is None and "method" in type(dict.__dict__["get"]).__name__
