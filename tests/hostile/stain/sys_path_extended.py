# what: the search path is another
# batch: stains
import sys

sys.path.insert(0, "/stain")
sys.path_importer_cache["/stain"] = None
# --- verify ---
import sys

"/stain" not in sys.path and "/stain" not in sys.path_importer_cache
