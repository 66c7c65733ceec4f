# title: Pipelines of generators and itertools
# kind: user
import itertools
import operator


def naturals(start=1):
    n = start
    while True:
        step = yield n
        n += step or 1


def chunks(items, size):
    iterator = iter(items)
    while chunk := tuple(itertools.islice(iterator, size)):
        yield chunk


source = naturals()
first = [next(source), source.send(10), next(source), source.send(-5)]
squares = (n * n for n in itertools.count(1))
odd = itertools.filterfalse(lambda n: n % 2 == 0, squares)
small = list(itertools.takewhile(lambda n: n < 500, odd))
result = {
    "send": first,
    "odd squares": small,
    "running": list(itertools.accumulate(small, operator.xor)),
    "chunks": list(chunks("abcdefghij", 4)),
    "digits": {k: len(list(g)) for k, g in itertools.groupby(small, key=lambda n: len(str(n)))},
    "products": ["".join(p) for p in itertools.product("ab", repeat=3)],
    "derangements": sum(
        all(i != p for i, p in enumerate(order)) for order in itertools.permutations(range(6))
    ),
}
for name, value in result.items():
    print(f"{name}: {value}")
result
