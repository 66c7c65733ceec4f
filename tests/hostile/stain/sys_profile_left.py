# what: a profile function is left
# batch: stains
import sys


def stain_profile(frame, event, arg):
    return None


sys.setprofile(stain_profile)
# --- verify ---
import sys

getattr(sys.getprofile(), "__name__", "") != "stain_profile"
