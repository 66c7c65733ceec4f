# what: a program that looks at programs
# strict: yes
import ast

source = "import math\ndef area(r, k=1):\n    return math.pi * r ** 2\nclass A:\n    def m(self): pass\n"
tree = ast.parse(source)
names = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)})
print(ast.unparse(tree))
([n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)], names, ast.dump(ast.parse("1+x", mode="eval").body.op))
