# what: a profile function that never returns
# expect: TIMEOUT
import sys


def profile(frame, event, arg):
    while event == "c_call":
        pass


sys.setprofile(profile)
len([])
