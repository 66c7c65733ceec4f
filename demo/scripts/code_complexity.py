# title: Cyclomatic complexity of functions
# kind: tenant
# data: files = sources:json.decoder,email.header,html.parser,tokenize,shlex
import ast

BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.Assert)


def complexity(function):
    total = 1
    for node in ast.walk(function):
        if isinstance(node, BRANCHES):
            total += 1
        elif isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, ast.match_case):
            total += 1
    return total


scores = []
for module, source in files.items():
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            scores.append((complexity(node), f"{module}.{node.name}"))
scores.sort(key=lambda pair: (-pair[0], pair[1]))
for score, name in scores[:8]:
    print(f"{score:3}  {name}")
{"functions": len(scores), "mean": round(sum(s for s, _ in scores) / len(scores), 6), "worst": scores[:8]}
