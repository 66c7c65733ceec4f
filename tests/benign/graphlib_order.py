# what: an order of tasks
# strict: yes
from graphlib import CycleError, TopologicalSorter

tasks = {"test": {"build"}, "build": {"compile", "assets"}, "compile": {"fetch"}, "assets": set()}
try:
    TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()
except CycleError as e:
    print(e.args[1])
order = list(TopologicalSorter(tasks).static_order())
(order.index("fetch") < order.index("compile") < order.index("build"), order[-1])
