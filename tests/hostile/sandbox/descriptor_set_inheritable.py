# what: lets children inherit a descriptor of the host's
import os

os.set_inheritable(CANARY_FD, True)
