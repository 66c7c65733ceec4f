# what: a longest increasing subsequence
# strict: yes
from bisect import bisect_left


def lis(xs):
    tails = []
    for x in xs:
        i = bisect_left(tails, x)
        tails[i : i + 1] = [x]
    return len(tails)


lis([10, 9, 2, 5, 3, 7, 101, 18, 4, 20])
