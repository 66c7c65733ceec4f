# what: a class as a decorator, and a decorator of a class
class Memo:
    def __init__(self, f):
        self.f, self.known = f, {}

    def __call__(self, n):
        if n not in self.known:
            self.known[n] = self.f(n)
        return self.known[n]


def described(cls):
    cls.describe = lambda self: f"{cls.__name__}: {sorted(vars(self).items())}"
    return cls


@Memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@described
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


print(Point(1, 2).describe())
(fib(80), len(fib.known))
