# what: contextvars.Context.run of an endless function
# expect: TIMEOUT
# batch: hooks
import contextvars


def spin():
    while True:
        pass


contextvars.copy_context().run(spin)
