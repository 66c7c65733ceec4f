# title: Eight queens by a recursive generator
# kind: user
def queens(size, placed=()):
    row = len(placed)
    if row == size:
        yield placed
        return
    for column in range(size):
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(placed)):
            yield from queens(size, (*placed, column))


solutions = list(queens(7))
for column in solutions[0]:
    print(". " * column + "Q " + ". " * (6 - column))
{size: sum(1 for _ in queens(size)) for size in range(1, 8)}, solutions[0]
