# what: the plainest endless loop
# expect: TIMEOUT
# batch: loops
while True:
    pass
