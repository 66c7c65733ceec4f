# what: opens a descriptor of a process
import os

{"escaped": os.pidfd_open(os.getpid()) >= 0, "proof": "descriptor"}
