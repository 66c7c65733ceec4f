# what: a codec search function loops
# expect: TIMEOUT
# batch: hooks
import codecs


def search(name):
    while True:
        pass


codecs.register(search)
"x".encode("no-such-encoding")
