# what: atexit functions that never return
# expect: SUCCESS | TIMEOUT
import atexit


def spin():
    while True:
        pass


for _ in range(10):
    atexit.register(spin)
1
