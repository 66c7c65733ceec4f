# what: warnings.showwarning loops, called by warnings in C
# expect: TIMEOUT
# batch: hooks
import warnings


def spin(*a, **k):
    while True:
        pass


warnings.showwarning = spin
warnings.simplefilter("always")
warnings.warn("x")
