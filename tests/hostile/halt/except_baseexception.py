# what: catches BaseException and goes on
# expect: TIMEOUT
def spin():
    try:
        while True:
            pass
    except BaseException:
        spin()


spin()
