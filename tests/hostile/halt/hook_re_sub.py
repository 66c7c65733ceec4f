# what: the replacement function of re.sub loops
# expect: TIMEOUT
import re


def repl(m):
    while True:
        pass


re.sub("a", repl, "aaa")
