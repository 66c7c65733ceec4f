# what: takes the builtins of a function
def f():
    pass


f.__builtins__["open"](CANARY_PATH).read()
