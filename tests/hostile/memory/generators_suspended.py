# what: many suspended generators
# expect: MEMORY_LIMIT_EXCEEDED
def g(n):
    xs = [n] * 100
    yield xs


kept = []
while True:
    x = g(len(kept))
    next(x)
    kept.append(x)
