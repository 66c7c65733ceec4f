# title: Stains the modules and then takes all memory
# kind: stain
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
import builtins
import sys

builtins.hoard = []
sys.modules["hoard"] = builtins.hoard
del builtins.sum, sys.modules["builtins"]
while True:
    builtins.hoard.append(bytes(500_000))
