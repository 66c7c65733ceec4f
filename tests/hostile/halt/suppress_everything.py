# what: contextlib.suppress(BaseException)
# expect: TIMEOUT
import contextlib

while True:
    with contextlib.suppress(BaseException):
        while True:
            pass
