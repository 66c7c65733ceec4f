# what: reads the environment with a function of os.path
import posixpath

posixpath.expandvars("$ENCLAVE_CANARY")
