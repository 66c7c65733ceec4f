# title: How the vocabulary grows with the text read
# kind: user
# data: docs = topics
import math
import re

seen, read, points = set(), 0, []
for name in sorted(docs):
    for word in re.findall(r"[a-z]{2,}", docs[name].lower()):
        seen.add(word)
        read += 1
        if read % 5000 == 0:
            points.append((read, len(seen)))
# Heaps' law V = k * n**b, fitted on logarithms by least squares.
xs = [math.log(n) for n, _ in points]
ys = [math.log(v) for _, v in points]
mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
b = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
k = math.exp(my - b * mx)
print(f"V(n) = {k:.3f} * n ** {b:.3f} over {read} words")
{"points": points, "exponent": round(b, 6), "factor": round(k, 6)}
