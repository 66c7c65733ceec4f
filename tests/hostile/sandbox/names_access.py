# what: asks whether a file may be read
import os

{"escaped": os.access(CANARY_PATH, os.R_OK), "proof": "R_OK"}
