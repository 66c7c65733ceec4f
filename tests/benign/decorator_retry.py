# what: a decorator that tries again
# strict: yes
import functools


def retry(times, errors):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*args):
            for attempt in range(1, times + 1):
                try:
                    return f(*args, attempt)
                except errors as e:
                    print(f"attempt {attempt}: {e}")
            raise RuntimeError(f"{f.__name__} failed {times} times")

        return wrapper

    return decorate


@retry(3, (ValueError, KeyError))
def flaky(limit, attempt):
    if attempt < limit:
        raise ValueError(f"{attempt} < {limit}")
    return attempt


try:
    flaky(9)
except RuntimeError as e:
    print(e)
flaky(2)
