# what: takes the globals of the function that makes annotations
# python: >=3.14
class A:
    a: int


A.__annotate__.__builtins__["open"](CANARY_PATH).read()
