# what: an error handler that loops
# expect: TIMEOUT
# batch: hooks
import codecs


def handler(e):
    while True:
        pass


codecs.register_error("spin", handler)
"\u20ac".encode("ascii", "spin")
