# what: asks for a file's size
import os

{"escaped": os.stat(CANARY_PATH).st_size > 0, "proof": "st_size"}
