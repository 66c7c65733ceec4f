# what: the replacement function of re.sub loops
# expect: TIMEOUT
# batch: hooks
import re


def repl(m):
    while True:
        pass


re.sub("a", repl, "aaa")
