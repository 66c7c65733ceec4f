# what: times a statement
import timeit

found = []
timeit.timeit("found.append(open(p).read())", number=1, globals={"found": found, "p": CANARY_PATH})
found
