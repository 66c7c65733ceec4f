# what: the JSON scanner inside its own hook, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import json
import sys

sys.setrecursionlimit(10**8)


def hook(x):
    return json.loads("{}", object_hook=hook)


hook(1)
