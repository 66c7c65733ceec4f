# what: a loop whose else never comes
# expect: TIMEOUT
# batch: loops
while 1:
    if 1:
        continue
else:
    x = 1
