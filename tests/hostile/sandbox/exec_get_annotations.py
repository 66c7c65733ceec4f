# what: has inspect evaluate annotations
import inspect


def f(a: "open(CANARY_PATH).read()"):
    pass


inspect.get_annotations(f, eval_str=True)
