# what: opens the host's descriptor anew in /proc
open(f"/proc/self/fd/{CANARY_FD}").read()
