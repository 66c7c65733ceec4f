# what: asks for the source of code that claims to come from a file
import inspect


def f():
    pass


f.__code__ = f.__code__.replace(co_filename=CANARY_DIR + "/canary_module.py", co_firstlineno=1)
inspect.findsource(f)
