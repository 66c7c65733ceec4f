# what: opens the descriptor of another thread in /proc
import os

open(f"/proc/{os.getpid()}/task/{os.getpid()}/fd/{CANARY_FD}").read()
