# what: reads the environment
import os

os.environ["ENCLAVE_CANARY"]
