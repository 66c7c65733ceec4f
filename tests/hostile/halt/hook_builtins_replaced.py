# what: the builtins that a program ends with are endless functions
# expect: TIMEOUT
# batch: hooks
import builtins


def spin(*a, **k):
    while True:
        pass


for name in ("print", "repr", "str", "len", "isinstance", "type", "getattr", "hasattr", "BaseException"):
    setattr(builtins, name, spin)
print("x")
