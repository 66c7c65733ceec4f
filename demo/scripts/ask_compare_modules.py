# title: "Which of three modules is best documented?"
# kind: llm
import ast


def score(source):
    tree = ast.parse(source)
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Module)]
    documented = [n for n in nodes if ast.get_docstring(n)]
    words = sum(len(ast.get_docstring(n).split()) for n in documented)
    return round(len(documented) / len(nodes), 4), words


scores = {
    name: score(call_tool("read_source", {"module": name})) for name in ("heapq", "shlex", "statistics")
}
best = max(scores, key=scores.get)
for name, (share, words) in scores.items():
    print(f"{name:10} {share:7.2%} {words:6} words{'   <- best' if name == best else ''}")
return {"best": best, "scores": scores}
