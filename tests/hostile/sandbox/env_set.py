# what: changes the environment
import os

os.environ["ENCLAVE_STAIN"] = "x"
