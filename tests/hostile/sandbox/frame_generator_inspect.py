# what: takes the local variables of a generator with inspect
import inspect


def generator():
    secret = 1
    yield


g = generator()
next(g)
{"escaped": inspect.getgeneratorlocals(g) == {"secret": 1}, "proof": "locals"}
