# title: Leaves suspended generators, atexit and a codec error handler behind
# kind: stain
# expect: OK
# timeout: 2
import atexit
import builtins
import codecs


def suspended():
    try:
        yield 1
    finally:
        while True:
            pass


builtins.suspended = suspended()
next(builtins.suspended)
atexit.register(lambda: suspended().__next__() and next(builtins.suspended))
codecs.register_error("replace", lambda error: ("pwned", error.end))
codecs.register_error("backslashreplace", lambda error: ("pwned", error.end))
"stained"
