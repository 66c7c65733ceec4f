# what: asks for the process's number
import os

{"escaped": os.getpid() > 1, "proof": "pid"}
