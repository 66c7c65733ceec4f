# what: an lru_cache in the library is filled
# batch: stains
import fnmatch

for i in range(300):
    fnmatch.fnmatch("x", f"stain{i}*")
# --- verify ---
import fnmatch

fnmatch._compile_pattern.cache_info().currsize < 200
