# title: Unparse and parse again: is the tree the same?
# kind: llm
# data: files = sources:bisect,colorsys,heapq,keyword,quopri,reprlib,sched,textwrap
import ast

verdict = {}
for module, source in files.items():
    tree = ast.parse(source)
    again = ast.parse(ast.unparse(tree))
    verdict[module] = ast.dump(tree) == ast.dump(again)
    print(
        f"{module:10} {sum(1 for _ in ast.walk(tree)):6} nodes  {'same' if verdict[module] else 'DIFFERENT'}"
    )
all(verdict.values()), verdict
