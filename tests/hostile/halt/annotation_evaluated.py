# what: an annotation asked for by name loops
# expect: TIMEOUT
# batch: loops
def spin():
    while True:
        pass


class C:
    x: spin()


C.__annotations__
