# what: an annotation asked for by name loops
# expect: TIMEOUT
def spin():
    while True:
        pass


class C:
    x: spin()


C.__annotations__
