# what: dicts in dicts in dicts, ever deeper
# expect: MEMORY_LIMIT_EXCEEDED
d = {}
while True:
    d = {"x" + str(len(d)): d, "y": {}}
