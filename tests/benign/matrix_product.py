# what: matrices
# strict: yes
def mul(a, b):
    return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]


def power(m, n):
    result = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    for bit in bin(n)[2:]:
        result = mul(result, result)
        if bit == "1":
            result = mul(result, m)
    return result


(mul([[1, 2], [3, 4]], [[0, 1], [1, 0]]), power([[1, 1], [1, 0]], 30)[0][1])
