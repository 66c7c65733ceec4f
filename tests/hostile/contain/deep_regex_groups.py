# what: a pattern of nested groups, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED | TIMEOUT
import re
import sys

sys.setrecursionlimit(10**8)
p = re.compile("(" * 10000 + ")" * 10000)
