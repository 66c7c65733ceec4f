# what: annotations of the program's module stay
# batch: stains
stain_annotated: int = 1
__annotations__ = {"stain_annotated": int}
# --- verify ---
"stain_annotated" not in globals().get("__annotations__", {})
