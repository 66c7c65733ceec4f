# what: lists and slices
# strict: yes
xs = list(range(10))
xs[2:5] = ["a"]
del xs[-1]
xs.insert(1, "b")
print(xs, xs[::-2], xs.index("a"), sorted([3, 1, 2], reverse=True), [*"ab", *range(2)])
matrix = [[1, 2, 3], [4, 5, 6]]
([list(r) for r in zip(*matrix)], [x for row in matrix for x in row if x % 2], any(xs), all(xs), sum([[1], [2]], []), min("b", "a"))
