# title: A generator that will not be closed
# kind: loop
# expect: TIMEOUT
# timeout: 0.15
def stubborn():
    while True:
        try:
            while True:
                pass
        except BaseException:
            yield 1


for _ in stubborn():
    pass
