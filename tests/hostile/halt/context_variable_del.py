# what: a context variable's old value loops as its context goes
# expect: TIMEOUT
import contextvars


class D:
    def __del__(self):
        while True:
            pass


v = contextvars.ContextVar("v")
c = contextvars.copy_context()
c.run(v.set, D())
del c
