# what: a codec of the guest's is registered
# batch: stains
import codecs


def search(name):
    if name == "stain_codec":
        return codecs.lookup("utf-8")


codecs.register(search)
"x".encode("stain_codec")
None
# --- verify ---
import codecs

try:
    codecs.lookup("stain_codec")
except LookupError:
    clean = True
else:
    clean = False
clean
