# what: the plainest endless loop
# expect: TIMEOUT
while True:
    pass
