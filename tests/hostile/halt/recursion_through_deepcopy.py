# what: deep copies of a structure deeper than the limit, caught and repeated
# expect: TIMEOUT
import copy

x = []
for _ in range(5000):
    x = [x]
while True:
    try:
        copy.deepcopy(x)
    except RecursionError:
        pass
