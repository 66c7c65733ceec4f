# what: breakpoint() meets a hook that loops
# expect: TIMEOUT
# batch: hooks
import sys


def spin(*a, **k):
    while True:
        pass


sys.breakpointhook = spin
breakpoint()
