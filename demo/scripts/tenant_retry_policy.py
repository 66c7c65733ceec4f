# title: A retry policy as a decorator, with back-off on paper
# kind: tenant
import functools
import random


def retry(times, first, factor=2.0, jitter=0.1, seed=5):
    def decorate(function):
        dice = random.Random(seed)

        @functools.wraps(function)
        def wrapper(*args):
            waits, wait = [], first
            for attempt in range(1, times + 1):
                try:
                    return function(*args, attempt), waits
                except ConnectionError as error:
                    waits.append(round(wait * (1 + dice.uniform(-jitter, jitter)), 6))
                    wait *= factor
                    last = error
            raise TimeoutError(f"{function.__name__} failed {times} times: {last}") from last

        return wrapper

    return decorate


@retry(times=5, first=0.2)
def fetch(name, good_from, attempt):
    """Fetch something that comes at the third attempt."""
    if attempt < good_from:
        raise ConnectionError(f"{name}, attempt {attempt}")
    return f"{name} after {attempt}"


results = []
for name, good_from in (("first", 1), ("third", 3), ("never", 99)):
    try:
        results.append(fetch(name, good_from))
    except TimeoutError as error:
        results.append((str(error), type(error.__cause__).__name__))
print(*results, sep="\n")
results, fetch.__doc__
