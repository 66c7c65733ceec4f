# what: a generator that prints whenever it is closed
def refuses():
    while True:
        try:
            yield
        finally:
            while True:
                try:
                    print("still here")
                except BaseException:
                    continue


g = refuses()
next(g)
del g
