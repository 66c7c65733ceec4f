# what: places in sorted lists
# strict: yes
import bisect


def grade(score):
    return "FDCBA"[bisect.bisect([60, 70, 80, 90], score)]


xs = [1, 3, 3, 7]
bisect.insort(xs, 4)
([grade(s) for s in (33, 60, 77, 89, 100)], xs, bisect.bisect_left(xs, 3), bisect.bisect_right(xs, 3))
