# title: A Huffman code for the licence, there and back
# kind: user
# data: text = license
import heapq
from collections import Counter

counts = Counter(text)
heap = [(n, order, symbol) for order, (symbol, n) in enumerate(sorted(counts.items()))]
heapq.heapify(heap)
order = len(heap)
while len(heap) > 1:
    (n1, _, a), (n2, _, b) = heapq.heappop(heap), heapq.heappop(heap)
    heapq.heappush(heap, (n1 + n2, order, (a, b)))
    order += 1


def walk(node, prefix, table):
    if isinstance(node, str):
        table[node] = prefix or "0"
    else:
        walk(node[0], prefix + "0", table)
        walk(node[1], prefix + "1", table)
    return table


table = walk(heap[0][2], "", {})
bits = "".join(table[c] for c in text)
back, code = {v: k for k, v in table.items()}, ""
out = []
for bit in bits:
    code += bit
    if code in back:
        out.append(back[code])
        code = ""
assert "".join(out) == text
print(f"{len(text) * 8} bits -> {len(bits)} bits, {len(bits) / len(text):.3f} a character")
return {"bits": len(bits), "codes": {c: table[c] for c in sorted(table)[:20]}}
