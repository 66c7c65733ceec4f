# what: makes a file in memory
import os

{"escaped": os.memfd_create("x") >= 0, "proof": "descriptor"}
