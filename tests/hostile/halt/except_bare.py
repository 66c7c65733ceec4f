# what: a bare except around the loop's body
# expect: TIMEOUT
while True:
    try:
        while True:
            pass
    except:
        pass
