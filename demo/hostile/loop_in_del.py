# title: Loops in a finalizer
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
class Lingering:
    def __del__(self):
        while True:
            Lingering.count += 1

    count = 0


lingering = Lingering()
del lingering
