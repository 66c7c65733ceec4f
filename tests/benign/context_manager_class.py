# what: context managers by class and by generator
# strict: yes
from contextlib import contextmanager, suppress, ExitStack

log = []


class Step:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log.append("+" + self.name)
        return self

    def __exit__(self, kind, error, trace):
        log.append("-" + self.name + (f"({kind.__name__})" if kind else ""))
        return kind is KeyError


@contextmanager
def section(name):
    log.append("<" + name)
    try:
        yield name.upper()
    finally:
        log.append(">" + name)


with Step("a") as a, section("b") as b:
    log.append(b)
with Step("c"):
    {}["missing"]
with suppress(ZeroDivisionError):
    1 / 0
with ExitStack() as stack:
    for n in "xyz":
        stack.enter_context(Step(n))
log
