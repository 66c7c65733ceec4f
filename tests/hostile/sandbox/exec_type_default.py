# what: evaluates in the default of a type parameter
# python: >=3.13
class A[T = open(CANARY_PATH).read()]:
    pass


A.__type_params__[0].__default__
