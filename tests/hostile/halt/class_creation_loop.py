# what: classes made and dropped for ever
# expect: TIMEOUT
# batch: computing
while True:
    type("C", (Exception,), {"x": property(lambda self: 1)})
