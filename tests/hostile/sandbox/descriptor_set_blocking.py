# what: changes the mode of a descriptor of the host's
import os

os.set_blocking(CANARY_FD, False)
