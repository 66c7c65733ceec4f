# title: Class hierarchy of the email and argparse modules
# kind: user
# data: files = sources:argparse,email.message,configparser,http.cookies
import ast
from collections import defaultdict

children = defaultdict(list)
known = set()
for module, source in files.items():
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            known.add(node.name)
            for base in node.bases or [ast.Name("object")]:
                children[ast.unparse(base)].append(node.name)


def draw(name, indent=""):
    names = sorted(children[name])
    for i, child in enumerate(names):
        last = i == len(names) - 1
        print(f"{indent}{'└─' if last else '├─'} {child}")
        draw(child, indent + ("   " if last else "│  "))


roots = sorted(set(children) - known)
for root in roots:
    print(root)
    draw(root)
return {root: sorted(children[root]) for root in roots}
