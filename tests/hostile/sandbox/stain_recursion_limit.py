# what: lowers the recursion limit
import sys

sys.setrecursionlimit(300)
None
# --- verify ---
import sys

sys.getrecursionlimit() >= 1000
