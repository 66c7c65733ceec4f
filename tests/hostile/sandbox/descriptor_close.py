# what: closes a descriptor of the host's
import os

os.close(CANARY_FD)
