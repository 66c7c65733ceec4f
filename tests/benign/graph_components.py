# what: connected parts
# strict: yes
def components(edges):
    parent = {}

    def find(x):
        parent.setdefault(x, x)
        if parent[x] != x:
            parent[x] = find(parent[x])
        return parent[x]

    for a, b in edges:
        parent[find(a)] = find(b)
    groups = {}
    for x in sorted(parent):
        groups.setdefault(find(x), []).append(x)
    return sorted(groups.values())


components([(1, 2), (3, 4), (2, 5), (6, 7), (7, 3)])
