# title: The longest functions of ten modules
# kind: user
# data: files = sources:calendar,csv,difflib,fnmatch,ipaddress,random,string,textwrap,uuid,wave
import ast
import heapq

found = []


class Visitor(ast.NodeVisitor):
    def __init__(self, module):
        self.module, self.path = module, []

    def visit_ClassDef(self, node):
        self.path.append(node.name)
        self.generic_visit(node)
        self.path.pop()

    def visit_FunctionDef(self, node):
        name = ".".join([self.module, *self.path, node.name])
        found.append((node.end_lineno - node.lineno + 1, name))
        self.visit_ClassDef(node)

    visit_AsyncFunctionDef = visit_FunctionDef


for module, source in files.items():
    Visitor(module).visit(ast.parse(source))
top = heapq.nlargest(10, found)
for lines, name in top:
    print(f"{lines:4} {name}")
{"functions": len(found), "top": top}
