# title: Who calls whom inside heapq
# kind: llm
# data: source = source:heapq
import ast

tree = ast.parse(source)
functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
calls = {}
for name, function in functions.items():
    calls[name] = sorted(
        {
            node.func.id
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions
        }
    )
called = {name for targets in calls.values() for name in targets}


def show(name, depth=0, path=()):
    print("    " * depth + name)
    for target in calls[name]:
        if target not in path:
            show(target, depth + 1, (*path, name))


for root in sorted(functions.keys() - called):
    show(root)
{"calls": calls, "roots": functions.keys() - called}
