# what: continue in a finally clause swallows whatever comes
# expect: TIMEOUT
while True:
    try:
        while True:
            pass
    finally:
        continue
