# title: Numbers in the code that deserve a name
# kind: tenant
# data: files = sources:calendar,wave,colorsys,random,mailbox
import ast
from collections import Counter

FINE = {0, 1, 2, -1, 0.0, 1.0, 10, 100}
found = Counter()
where = {}
for module, source in files.items():
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in FINE:
            found[node.value] += 1
            where.setdefault(node.value, (module, node.lineno))
for value, n in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:10]:
    print(f"{value!r:>8} x {n:<3} first in {where[value][0]}, line {where[value][1]}")
{"different": len(found), "total": found.total(), "largest": max(found)}
