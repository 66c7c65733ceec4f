# title: How two neighbouring topics differ
# kind: user
# data: before = topic:typesseq
# data: after = topic:typesseq-mutable
import difflib

a, b = before.splitlines(), after.splitlines()
matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
summary = {"equal": 0, "replace": 0, "delete": 0, "insert": 0}
for tag, i1, i2, j1, j2 in matcher.get_opcodes():
    summary[tag] += max(i2 - i1, j2 - j1)
patch = list(difflib.unified_diff(a, b, "typesseq", "typesseq-mutable", lineterm="", n=1))
print("\n".join(patch[:30]))
return {"ratio": round(matcher.ratio(), 9), "lines": summary, "patch": len(patch)}
