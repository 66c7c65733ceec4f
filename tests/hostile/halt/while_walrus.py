# what: the condition itself assigns, the body is empty
# expect: TIMEOUT
# batch: loops
while n := 1:
    pass
