# what: asks about a descriptor of the host's
import os

{"escaped": os.fstat(CANARY_FD).st_size > 0, "proof": "size"}
