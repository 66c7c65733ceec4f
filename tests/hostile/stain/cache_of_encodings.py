# what: the cache of encodings is poisoned
# batch: stains
import encodings

encodings._cache["stain_encoding"] = encodings._cache["latin_1"] = encodings.search_function("utf_8")
# --- verify ---
import encodings

"stain_encoding" not in encodings._cache and "\xe9".encode("latin_1") == b"\xe9"
