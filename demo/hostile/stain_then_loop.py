# title: Stains the builtins and then loops until it is halted
# kind: stain
# expect: TIMEOUT
# timeout: 0.2
import builtins
import json
import sys

builtins.len = lambda thing: 42
builtins.suspended = (n for n in iter(int, 1))
json.dumps = None
sys.setrecursionlimit(90)
while True:
    try:
        next(builtins.suspended)
    except:
        pass
