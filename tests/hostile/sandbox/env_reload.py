# what: reads the environment anew
import importlib
import os

importlib.reload(os)
os.environ["ENCLAVE_CANARY"]
