# title: Loops and swallows every exception
# kind: loop
# expect: TIMEOUT
# timeout: 0.15
while True:
    try:
        while True:
            pass
    except:
        continue
