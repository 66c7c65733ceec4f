# title: Wants the collector, to find the dictionary of str behind its proxy
# kind: stain
# expect: EXECUTION_ERROR
# timeout: 2
import builtins
import gc

text, number, table = (gc.get_referents(kind.__dict__)[0] for kind in (str, int, dict))
# The method cache does not hear of what is done here: what it still points to must not be freed.
builtins.kept = [text.copy(), number.copy(), table.copy()]
text["upper"] = str.lower
text["evil"] = lambda self: "evil"
del text["split"]
number["bit_length"] = lambda self: -1
table["get"] = lambda self, key: None
"a,b".evil()
