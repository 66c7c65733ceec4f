# what: makes a terminal
import os

{"escaped": len(os.openpty()) == 2, "proof": "descriptors"}
