# what: changes the environment with the module below os
import posix

posix.putenv(b"ENCLAVE_STAIN", b"x")
