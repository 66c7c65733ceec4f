# what: new patterns compiled for ever
# expect: TIMEOUT
# batch: computing
import re

n = 0
while True:
    re.compile(f"(a{n})|b{{{n},}}[^c]*(?P<x>y)")
    n += 1
