# title: Determinant, inverse and powers of exact matrices
# kind: user
from fractions import Fraction


class Matrix:
    def __init__(self, rows):
        self.rows = [[Fraction(x) for x in row] for row in rows]

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows])

    def __pow__(self, n):
        result, base = identity(len(self.rows)), self
        while n:
            if n & 1:
                result = result @ base
            base, n = base @ base, n >> 1
        return result

    def reduce(self):
        """Determinant and inverse by Gauss and Jordan."""
        size = len(self.rows)
        work = [row + unit for row, unit in zip(self.rows, identity(size).rows)]
        determinant = Fraction(1)
        for i in range(size):
            pivot = next((r for r in range(i, size) if work[r][i]), None)
            if pivot is None:
                return Fraction(0), None
            if pivot != i:
                work[i], work[pivot] = work[pivot], work[i]
                determinant = -determinant
            determinant *= work[i][i]
            work[i] = [x / work[i][i] for x in work[i]]
            for r in range(size):
                if r != i and work[r][i]:
                    work[r] = [x - work[r][i] * y for x, y in zip(work[r], work[i])]
        return determinant, Matrix([row[size:] for row in work])

    def __str__(self):
        return "\n".join("  ".join(f"{x!s:>8}" for x in row) for row in self.rows)


def identity(size):
    return Matrix([[int(r == c) for c in range(size)] for r in range(size)])


hilbert = Matrix([[Fraction(1, r + c + 1) for c in range(5)] for r in range(5)])
determinant, inverse = hilbert.reduce()
print(inverse)
fibonacci = (Matrix([[1, 1], [1, 0]]) ** 300).rows[0][1]
return str(determinant), [[int(x) for x in row] for row in inverse.rows], int(fibonacci)
