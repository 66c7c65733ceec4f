# what: a library function gets other code
# batch: stains
import json


def other(*a, **k):
    return "stained"


def lean(obj, *, skipkeys=0, ensure_ascii=0, check_circular=0, allow_nan=0, cls=0, indent=0, separators=0, default=0, sort_keys=0, **kw):
    return "stained"


json.dumps.__code__ = lean.__code__
# --- verify ---
import json

json.dumps([1]) == "[1]"
