# what: calls with a class statement
def meta(name, bases, namespace):
    return open(namespace["path"]).read()


class found(metaclass=meta):
    path = CANARY_PATH


found
