# what: the condition itself assigns, the body is empty
# expect: TIMEOUT
while n := 1:
    pass
