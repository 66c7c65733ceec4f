# title: A sudoku solved by propagation and search
# kind: llm
GRID = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"
rows = [[9 * r + c for c in range(9)] for r in range(9)]
columns = [[9 * r + c for r in range(9)] for c in range(9)]
boxes = [
    [9 * (3 * R + r) + 3 * C + c for r in range(3) for c in range(3)] for R in range(3) for C in range(3)
]
peers = [set().union(*(unit for unit in rows + columns + boxes if i in unit)) - {i} for i in range(81)]
tries = 0


def solve(cells):
    global tries
    tries += 1
    open_cells = [i for i in range(81) if cells[i] == "0"]
    if not open_cells:
        return cells
    choices = {i: set("123456789") - {cells[p] for p in peers[i]} for i in open_cells}
    i = min(open_cells, key=lambda i: (len(choices[i]), i))
    for digit in sorted(choices[i]):
        if solved := solve(cells[:i] + digit + cells[i + 1 :]):
            return solved
    return None


answer = solve(GRID)
for r in range(9):
    print(" ".join(answer[9 * r : 9 * r + 9]))
return answer, tries
