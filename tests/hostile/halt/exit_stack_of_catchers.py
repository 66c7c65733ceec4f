# what: an ExitStack of a hundred callbacks, each of them endless
# expect: TIMEOUT
import contextlib


def spin(*a):
    while True:
        pass


with contextlib.ExitStack() as stack:
    for _ in range(100):
        stack.push(spin)
    raise SystemExit
