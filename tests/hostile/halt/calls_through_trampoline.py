# what: continuation style through a trampoline
# expect: TIMEOUT
# batch: loops
def step(n):
    return step, n + 1


f, n = step, 0
while True:
    f, n = f(n)
