# what: the caches of _strptime are filled and poisoned
# batch: stains
import _strptime
import re
import time

time.strptime("2024 x", "%Y x")
_strptime._regex_cache["%Y stain"] = re.compile("(?P<Y>2)024 stain")
# --- verify ---
import _strptime
import time

"%Y x" not in _strptime._regex_cache and time.strptime("2024 stain", "%Y stain").tm_year == 2024
