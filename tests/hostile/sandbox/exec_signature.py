# what: has inspect evaluate an annotation
import inspect


def f(a: "open(CANARY_PATH).read()"):
    pass


str(inspect.signature(f, eval_str=True))
