# title: Imported names that a module never uses
# kind: llm
# data: files = sources:cmd,copy,dis,email.utils,fnmatch,pprint,timeit,uuid,optparse
import ast

unused = {}
for module, source in files.items():
    tree = ast.parse(source)
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name != "*":
                    bound[alias.asname or alias.name.partition(".")[0]] = node.lineno
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    exported = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    left = sorted(name for name in bound if name not in read and name not in exported)
    if left:
        unused[module] = [(name, bound[name]) for name in left]
print(f"{len(unused)} of {len(files)} modules import what they do not use")
for module, names in unused.items():
    print(" ", module, names)
unused
