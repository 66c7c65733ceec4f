# what: towers
# strict: yes
def hanoi(n, a="A", b="B", c="C"):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield f"{a}{c}"
        yield from hanoi(n - 1, b, a, c)


moves = list(hanoi(4))
(len(moves), " ".join(moves[:7]))
