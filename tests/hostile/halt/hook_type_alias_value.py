# what: a lazily evaluated type alias loops
# expect: TIMEOUT
# batch: hooks
def spin():
    while True:
        pass


type A = spin()
A.__value__
