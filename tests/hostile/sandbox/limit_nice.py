# what: makes the process less important
import os

os.nice(1)
{"escaped": os.getpriority(os.PRIO_PROCESS, 0) > 0, "proof": "nice"}
