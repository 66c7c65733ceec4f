# what: opens the host's descriptor by name
open(f"/dev/fd/{CANARY_FD}").read()
