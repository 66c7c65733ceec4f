# what: large dicts copied and compared for ever
# expect: TIMEOUT
# batch: computing
d = {i: str(i) for i in range(200000)}
while True:
    dict(d) == d
