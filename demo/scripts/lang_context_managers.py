# title: Context managers, exception groups and finally, in order
# kind: user
from contextlib import ExitStack, contextmanager, suppress

log = []


@contextmanager
def section(name):
    log.append(f"enter {name}")
    try:
        yield name.upper()
    except ValueError as error:
        log.append(f"{name} swallowed {error}")
    finally:
        log.append(f"leave {name}")


with section("a") as a, section("b"):
    raise ValueError(f"from {a}")
with ExitStack() as stack, suppress(KeyError):
    for name in "xyz":
        stack.enter_context(section(name))
    stack.callback(log.append, "callback")
    {}["missing"]


def failing():
    errors = []
    for number, kind in enumerate([TypeError, OSError, ValueError]):
        try:
            raise kind(number)
        except Exception as error:
            error.add_note(f"note {number}")
            errors.append(error)
    raise ExceptionGroup("all of them", errors)


caught = []
try:
    failing()
except* (TypeError, ValueError) as group:
    caught.append(sorted(type(e).__name__ for e in group.exceptions))
except* OSError as group:
    caught.append([note for e in group.exceptions for note in e.__notes__])
print(*log, sep="\n")
log, caught
