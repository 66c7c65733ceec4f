# what: ndiff of lines that are all a little alike
# expect: TIMEOUT
# batch: computing
import difflib

a = [f"the line number {i} of a" for i in range(1000)]
b = [f"the line number {i} of b" for i in range(1000)]
while True:
    for _ in difflib.ndiff(a, b):
        pass
