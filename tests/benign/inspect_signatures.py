# what: a look at functions
import inspect


def f(a, b: int = 2, *args, c, **kw) -> str:
    """Does things."""


s = inspect.signature(f)
print(s, [p.kind.name for p in s.parameters.values()])
(inspect.getdoc(f), inspect.isfunction(f), inspect.isclass(int), s.bind(1, c=3).arguments)
