# what: functions of preloaded modules are deleted
# batch: stains
import json
import os
import re

del json.loads, os.getcwd, re.match
# --- verify ---
import json
import os
import re

json.loads("1") == 1 and callable(os.getcwd) and bool(re.match("a", "a"))
