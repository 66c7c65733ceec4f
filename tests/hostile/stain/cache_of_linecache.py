# what: a source line of the guest's making is in linecache
# batch: stains
import linecache

linecache.cache["stain.py"] = (1, None, ["stained\n"], "stain.py")
# --- verify ---
import linecache

linecache.getline("stain.py", 1) == ""
