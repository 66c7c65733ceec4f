# what: Pascal's triangle
# strict: yes
row = [1]
for _ in range(6):
    print(" ".join(map(str, row)).center(20).rstrip())
    row = [a + b for a, b in zip([0, *row], [*row, 0])]
row
