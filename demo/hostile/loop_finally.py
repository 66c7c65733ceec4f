# title: A generator that loops in its finally when it is dropped
# kind: loop
# expect: TIMEOUT
# timeout: 0.15
def again():
    try:
        yield
    finally:
        while True:
            try:
                raise StopIteration
            except BaseException:
                continue


for _ in again():
    break
