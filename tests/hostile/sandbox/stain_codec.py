# what: registers a codec
import codecs

codecs.register(lambda name: codecs.lookup("utf-8") if name == "stained" else None)
None
# --- verify ---
import codecs

try:
    codecs.lookup("stained")
    clean = False
except LookupError:
    clean = True
clean
