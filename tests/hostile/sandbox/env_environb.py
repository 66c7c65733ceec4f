# what: reads the environment's bytes
import os

os.environb[b"ENCLAVE_CANARY"]
