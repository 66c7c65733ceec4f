# what: a function whose code object is made by hand from another's
# expect: TIMEOUT
# batch: loops
def f():
    while True:
        pass


g = type(f)(f.__code__.replace(co_name="g", co_firstlineno=1), {})
g()
