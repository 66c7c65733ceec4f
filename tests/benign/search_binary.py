# what: binary search
def search(xs, x):
    lo, hi = 0, len(xs)
    while lo < hi:
        mid = (lo + hi) // 2
        if xs[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    return lo if lo < len(xs) and xs[lo] == x else -1


xs = list(range(0, 1000, 7))
[search(xs, x) for x in (0, 7, 8, 994, 2000)]
