# title: Docstring coverage of public functions and classes
# kind: tenant
# data: files = sources:statistics,fractions,graphlib,ipaddress,secrets,shlex,queue
import ast


def public(body):
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from public(node.body)


report = {}
for module, source in files.items():
    nodes = list(public(ast.parse(source).body))
    bare = [node.name for node in nodes if ast.get_docstring(node) is None]
    report[module] = (len(nodes) - len(bare), len(nodes), bare)
    print(
        f"{module:12} {len(nodes) - len(bare):3}/{len(nodes):<3} {'*' * (10 - 10 * len(bare) // len(nodes))}"
    )
return report
