# what: takes the globals of a library's generator
import contextlib


@contextlib.contextmanager
def manager():
    yield


{"escaped": "__builtins__" in manager().gen.gi_frame.f_globals, "proof": "f_globals"}
