# title: Exponential backtracking of its own making, errors suppressed
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
from contextlib import suppress
from itertools import product

while True:
    with suppress(BaseException):
        for word in product("ab", repeat=64):
            if "".join(word).count("a") == 65:
                break
