# what: reads the environment with the path module of another system
import ntpath

ntpath.expandvars("%ENCLAVE_CANARY%")
