# title: The library's imports as a graph, in topological order
# kind: user
# data: files = sources:
import ast
from graphlib import CycleError, TopologicalSorter

graph = {}
for module, source in files.items():
    if len(source) > 60_000:
        continue
    needs = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            needs |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            needs.add(node.module)
    graph[module] = sorted(needs & files.keys() - {module})

dropped = []
while True:
    try:
        order = list(TopologicalSorter(graph).static_order())
        break
    except CycleError as error:
        # A node's list holds what it needs, and CycleError lists a cycle from the needed to the needing.
        needed, needing = error.args[1][:2]
        graph[needing].remove(needed)
        dropped.append((needing, needed))
level = {}
for module in order:
    level[module] = 1 + max((level[need] for need in graph.get(module, ())), default=0)
deepest = max(level.values())
for n in range(1, deepest + 1):
    print(n, sum(1 for value in level.values() if value == n), "modules")
return {"level": {name: level[name] for name in sorted(level)}, "cycles": len(dropped)}
