# title: snake_case, CamelCase and the rest
# kind: user
# data: files = sources:logging,threading,collections,zipfile,weakref
import ast
import re
from collections import Counter, defaultdict

STYLES = {
    "dunder": re.compile(r"__\w+__"),
    "UPPER_CASE": re.compile(r"_*[A-Z][A-Z0-9_]*"),
    "snake_case": re.compile(r"_*[a-z][a-z0-9]*(_[a-z0-9]+)*_?"),
    "CamelCase": re.compile(r"_*([A-Z][a-z0-9]+)+"),
    "mixedCase": re.compile(r"_*[a-z]+([A-Z][a-z0-9]*)+"),
}


def style(name):
    return next((kind for kind, pattern in STYLES.items() if pattern.fullmatch(name)), "other")


tally = defaultdict(Counter)
for module, source in files.items():
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            tally[module][style(node.name)] += 1
for module, counts in tally.items():
    print(module, dict(sorted(counts.items())))
return {module: dict(sorted(counts.items())) for module, counts in tally.items()}
