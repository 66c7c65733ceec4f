# what: a type is added to mimetypes
# batch: stains
import mimetypes

mimetypes.init([])
mimetypes.add_type("stain/stain", ".stain")
# --- verify ---
import mimetypes

mimetypes.guess_type("x.stain")[0] is None
