# what: the cache of re is filled and poisoned
# batch: stains
import re

for i in range(600):
    re.compile(f"stain_marker{i}")
re._cache[(str, "poisoned", 0)] = re.compile("other")
# --- verify ---
import re

keys = [k for cache in (re._cache, getattr(re, "_cache2", {})) for k in cache]
not any("stain_marker" in str(k) for k in keys) and re.compile("poisoned").pattern == "poisoned"
