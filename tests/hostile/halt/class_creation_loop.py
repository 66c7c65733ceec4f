# what: classes made and dropped for ever
# expect: TIMEOUT
while True:
    type("C", (Exception,), {"x": property(lambda self: 1)})
