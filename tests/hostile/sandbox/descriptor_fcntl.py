# what: changes the mode of a descriptor of the host's with fcntl
import fcntl
import os

fcntl.fcntl(CANARY_FD, fcntl.F_SETFL, os.O_NONBLOCK)
