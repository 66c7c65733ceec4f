# what: queens on a board
def queens(n, row=0, cols=(), result=None):
    result = [] if result is None else result
    if row == n:
        result.append(cols)
    for c in range(n):
        if all(c != k and abs(c - k) != row - r for r, k in enumerate(cols)):
            queens(n, row + 1, cols + (c,), result)
    return result


boards = queens(6)
print("\n".join("." * c + "Q" + "." * (5 - c) for c in boards[0]))
(len(boards), boards[0])
