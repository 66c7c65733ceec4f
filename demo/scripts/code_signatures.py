# title: Signatures of a module as a cheat sheet
# kind: user
# data: source = source:textwrap
import ast
import textwrap

lines = []
for node in ast.parse(source).body:
    if isinstance(node, ast.FunctionDef):
        doc = (ast.get_docstring(node) or "").partition("\n")[0]
        lines.append(f"{node.name}({ast.unparse(node.args)})")
        lines.append(textwrap.indent(textwrap.fill(doc, 60), "    "))
sheet = "\n".join(lines)
print(sheet)
return sheet
