# what: reads the environment with os.getenv()
import os

os.getenv("ENCLAVE_CANARY")
