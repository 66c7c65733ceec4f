# title: Concordance: a word with what stands around it
# kind: user
# data: text = topic:yield
WORD, WIDTH = "generator", 34
flat = " ".join(text.split())
lines = []
start = flat.lower().find(WORD)
while start != -1:
    end = start + len(WORD)
    left = flat[max(0, start - WIDTH) : start].rjust(WIDTH)
    right = flat[end : end + WIDTH].ljust(WIDTH)
    lines.append(f"{left}[{flat[start:end]}]{right}")
    start = flat.lower().find(WORD, end)
print("\n".join(lines[:15]))
return {"found": len(lines), "first": lines[0], "last": lines[-1]}
