# what: asks whether it may signal the host's parent
import os

os.kill(os.getppid(), 0)
{"escaped": True, "proof": "it may"}
