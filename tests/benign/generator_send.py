# what: generators that are sent values
def averager():
    total = count = 0
    average = None
    while True:
        value = yield average
        if value is None:
            return (count, average)
        total += value
        count += 1
        average = total / count


def outer(results):
    result = yield from averager()
    results.append(result)
    yield "done"


results = []
g = outer(results)
next(g)
out = [g.send(v) for v in (10, 20, 60)]
print(g.send(None))
(out, results)
