# what: deletes from the environment
import os

os.unsetenv("ENCLAVE_CANARY")
