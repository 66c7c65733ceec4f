# what: an audit hook that never returns
# expect: TIMEOUT
# batch: hooks
import sys


def hook(event, args):
    while True:
        pass


sys.addaudithook(hook)
compile("1", "f", "eval")
