# what: two generators that send to each other
# expect: TIMEOUT
# batch: loops
def echo():
    x = None
    while True:
        x = yield x


a, b = echo(), echo()
next(a)
next(b)
x = 0
while True:
    x = b.send(a.send(x))
