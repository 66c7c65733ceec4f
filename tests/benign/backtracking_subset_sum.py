# what: subsets of a sum
# strict: yes
def subsets(xs, target):
    if target == 0:
        yield []
    for i, x in enumerate(xs):
        if x <= target:
            for rest in subsets(xs[i + 1 :], target - x):
                yield [x, *rest]


list(subsets([3, 34, 4, 12, 5, 2], 9))
