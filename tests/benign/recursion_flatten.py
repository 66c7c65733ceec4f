# what: nested lists
# strict: yes
def flatten(x, depth=None):
    for item in x:
        if isinstance(item, list) and depth != 0:
            yield from flatten(item, None if depth is None else depth - 1)
        else:
            yield item


nested = [1, [2, [3, [4]], 5], [[]], "ab"]
(list(flatten(nested)), list(flatten(nested, 1)))
