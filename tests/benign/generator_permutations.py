# what: permutations by recursion
# strict: yes
def permute(items):
    if not items:
        yield []
    for i, item in enumerate(items):
        for rest in permute(items[:i] + items[i + 1 :]):
            yield [item, *rest]


["".join(p) for p in permute(list("abcd"))][5:12]
