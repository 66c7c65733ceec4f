# what: the defaults of library functions are changed
# batch: stains
import json
import textwrap

json.dumps.__kwdefaults__["sort_keys"] = True
json.dumps.__kwdefaults__["separators"] = ("!", "?")
textwrap.indent.__defaults__ = (lambda line: False,)
# --- verify ---
import json
import textwrap

json.dumps({"b": 1, "a": 2}) == '{"b": 1, "a": 2}' and textwrap.indent("a", "  ") == "  a"
