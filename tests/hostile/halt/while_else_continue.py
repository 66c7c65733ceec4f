# what: a loop whose else never comes
# expect: TIMEOUT
while 1:
    if 1:
        continue
else:
    x = 1
