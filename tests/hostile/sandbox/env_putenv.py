# what: changes the environment of the C library
import os

os.putenv("ENCLAVE_STAIN", "x")
