# what: the types of C modules are changed behind their proxies
# batch: stains
import gc
import re
import struct
import sys
from collections import deque

sys.stain_old = [type(re.compile("")).__dict__["match"], deque.__dict__["append"]]
gc.get_referents(type(re.compile("")).__dict__)[0]["match"] = lambda *a: "stained"
gc.get_referents(deque.__dict__)[0]["append"] = lambda *a: None
gc.get_referents(struct.Struct.__dict__)[0]["stained"] = 1
# --- verify ---
import re
import struct
from collections import deque

(
    "method" in type(type(re.compile("")).__dict__["match"]).__name__
    and "method" in type(deque.__dict__["append"]).__name__
    and "stained" not in struct.Struct.__dict__
)
