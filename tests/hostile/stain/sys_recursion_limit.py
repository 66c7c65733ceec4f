# what: the recursion limit is low
# batch: stains
import sys

sys.setrecursionlimit(137)
# --- verify ---
import sys


def down(n):
    return n and down(n - 1)


sys.getrecursionlimit() != 137 and down(300) == 0
