# what: gives a function constants and names of its choice
def f():
    return math.sqrt


code = f.__code__.replace(co_names=("io", "open"))
f.__code__ = code
io = __import__("io")
f()(CANARY_PATH).read()
