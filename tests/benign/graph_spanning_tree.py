# what: a smallest spanning tree
# strict: yes
edges = [(4, "a", "b"), (8, "a", "h"), (8, "b", "c"), (11, "b", "h"), (7, "c", "d"), (2, "c", "i"), (7, "h", "i"), (1, "g", "h"), (6, "g", "i")]
group = {n: {n} for e in edges for n in e[1:]}
tree = []
for w, a, b in sorted(edges):
    if group[a] is not group[b]:
        tree.append((w, a, b))
        group[a] |= group[b]
        for n in group[b]:
            group[n] = group[a]
(sum(w for w, _, _ in tree), tree)
