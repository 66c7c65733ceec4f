# what: data printed nicely
# strict: yes
import pprint
import reprlib

data = {"matrix": [[i * j for i in range(8)] for j in range(4)], "name": "x" * 30, "set": {3, 1}}
pprint.pprint(data, width=50, compact=True)
(reprlib.repr(list(range(100))), pprint.pformat([1, [2, [3]]], depth=2))
