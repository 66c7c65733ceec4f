# what: error handlers are registered and the strict one is replaced
# batch: stains
import codecs

codecs.register_error("stain_handler", lambda e: ("?", e.end))
codecs.register_error("strict", lambda e: ("?", e.end))
# --- verify ---
import codecs

try:
    codecs.lookup_error("stain_handler")
except LookupError:
    clean = True
else:
    clean = False
try:
    codecs.lookup_error("strict")(ValueError("x"))
except ValueError:
    pass
except AttributeError:
    clean = False
clean
