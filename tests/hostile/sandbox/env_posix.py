# what: reads the environment in the module below os
import posix

posix.environ[b"ENCLAVE_CANARY"]
