# what: makes shared memory with the module below
import _posixshmem
import os

name = f"/enclave_marker_{id(os)}"  # other processes may be at it too
fd = _posixshmem.shm_open(name, os.O_CREAT | os.O_RDWR, 0o600)
_posixshmem.shm_unlink(name)
{"escaped": fd >= 0, "proof": "descriptor"}
