# what: an error handler that loops
# expect: TIMEOUT
import codecs


def handler(e):
    while True:
        pass


codecs.register_error("spin", handler)
"\u20ac".encode("ascii", "spin")
