# what: the type of a module object is changed
# batch: stains
import json
import types


class Stained(types.ModuleType):
    @property
    def dumps(self):
        return None


json.__class__ = Stained
# --- verify ---
import json
import types

type(json) is types.ModuleType and json.dumps(1) == "1"
