# what: a generator-based context manager that catches all and goes round
# expect: TIMEOUT
import contextlib


@contextlib.contextmanager
def quiet():
    try:
        yield
    except BaseException:
        pass


while True:
    with quiet():
        raise SystemExit
