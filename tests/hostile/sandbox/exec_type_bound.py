# what: evaluates in the bound of a type parameter
def f[T: open(CANARY_PATH).read()](value: T):
    pass


f.__type_params__[0].__bound__
