# what: a profile function that never returns
# expect: TIMEOUT
# batch: hooks
import sys


def profile(frame, event, arg):
    while event == "c_call":
        pass


sys.setprofile(profile)
len([])
