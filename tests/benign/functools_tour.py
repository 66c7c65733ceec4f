# what: functions of functions
# strict: yes
import functools


@functools.lru_cache(maxsize=None)
def ways(n):
    return 1 if n < 2 else ways(n - 1) + ways(n - 2)


@functools.singledispatch
def show(x):
    return f"other {x}"


@show.register
def _(x: int):
    return f"int {x}"


@show.register(list)
def _(x):
    return "list " + ", ".join(map(show, x))


add = functools.partial(lambda a, b, c=0: a + b + c, 10)
(ways(50), ways.cache_info().misses, show([1, "a"]), add(5, c=1), functools.reduce(lambda a, b: a * 10 + b, [1, 2, 3]), sorted("bca", key=functools.cmp_to_key(lambda a, b: (b > a) - (b < a))))
