# title: Edit distance and the alignment behind it
# kind: user
def align(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if not i or not j:
                table[i][j] = i + j
            else:
                table[i][j] = min(
                    table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1])
                )
    i, j, top, bottom = len(a), len(b), "", ""
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (a[i - 1] != b[j - 1]):
            i, j, top, bottom = i - 1, j - 1, a[i - 1] + top, b[j - 1] + bottom
        elif i and table[i][j] == table[i - 1][j] + 1:
            i, top, bottom = i - 1, a[i - 1] + top, "-" + bottom
        else:
            j, top, bottom = j - 1, "-" + top, b[j - 1] + bottom
    return table[-1][-1], top, bottom


pairs = [
    ("subinterpreter", "superinterpreter"),
    ("kitten", "sitting"),
    ("GATTACA" * 4, "GCATGCU" * 4),
    ("", "abc"),
]
results = [align(a, b) for a, b in pairs]
for distance, top, bottom in results:
    print(top, bottom, distance, sep="\n")
results
