# what: decorators with and without arguments
# strict: yes
import functools


def counted(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


def repeat(times):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*args):
            return [f(*args) for _ in range(times)]

        return wrapper

    return decorate


@counted
@repeat(3)
def greet(name):
    """Says hello."""
    return f"hello {name}"


greet("a")
print(greet("b"), greet.__name__, greet.__doc__)
greet.calls
