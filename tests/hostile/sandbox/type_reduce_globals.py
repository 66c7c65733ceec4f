# what: takes the globals of what an object reduces to
class A:
    pass


scope = A().__reduce_ex__(0)[0].__globals__
scope["__builtins__"]["open"](CANARY_PATH).read()
