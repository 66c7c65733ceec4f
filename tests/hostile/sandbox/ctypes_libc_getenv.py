# what: reads the environment with the C library
import ctypes

getenv = ctypes.CDLL(None).getenv
getenv.restype = ctypes.c_char_p
getenv(b"ENCLAVE_CANARY")
